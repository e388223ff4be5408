//! Masks: what is taken, and what a hostile one costs; and a server that is killed in mid-upload.

use std::{path::Path, process::Stdio};

use contract::{Code, routes};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

use crate::{
    helpers::{TestApp, Visitor},
    tus::VIDEO,
};

/// A gray PNG whose rows are what `row` gives.
fn png(width: u32, height: u32, row: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    let data: Vec<u8> = (0..height).flat_map(row).collect();
    writer.write_image_data(&data).unwrap();
    writer.finish().unwrap();
    bytes
}

/// As a small one, but its header claims another size, with a right checksum.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(64, 64, |_| vec![0; 64]);
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = u32::MAX;
    for byte in &bytes[12..29] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    bytes[29..33].copy_from_slice(&(!crc).to_be_bytes());
    bytes
}

#[tokio::test]
async fn a_mask_is_taken_unless_it_marks_nothing_or_everything() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let half = png(64, 48, |y| vec![if y < 20 { 255 } else { 0 }; 64]);
    visitor.upload("image", "mask.png", &half).await;
    for value in [0, 255] {
        let answer = visitor.refused("image", "mask.png", &png(64, 48, |_| vec![value; 64])).await;
        assert_eq!((answer.status, answer.problem().code), (422, Code::InvalidInput), "{value}");
    }
    assert_eq!(visitor.refused("image", "mask.png", &half[..half.len() / 2]).await.status, 422);
}

/// The program itself, on a data folder, and where it listens.
pub(crate) async fn server(data: &Path) -> (Child, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redub-server"));
    command.env_clear().env("REDUB_DATA", data).env("REDUB_LISTEN", "127.0.0.1:0").env("REDUB_MODE", "sandbox");
    command.env("REDUB_PROVIDER_URL", "http://127.0.0.1:9/v1").env("REDUB_LOG_FORMAT", "json");
    let mut child = command.stdin(Stdio::null()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    loop {
        let line = lines.next_line().await.unwrap().expect("it starts");
        let json: serde_json::Value = serde_json::from_str(&line).unwrap();
        if json["message"] == "ready" {
            let base = format!("http://{}", json["address"].as_str().unwrap());
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return (child, base);
        }
    }
}

pub(crate) fn visitor(base: String) -> Visitor {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    Visitor { http, base, cookie: Some("redub_visitor=0123456789abcdef0123456789abcdef".into()) }
}

pub(crate) fn peak_kib(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id().unwrap())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[tokio::test]
async fn a_mask_of_50000_x_50000_is_422_within_64_mib() {
    // Made first: it takes so long that a connection which waits meanwhile is closed.
    let wide = png(15_000_000, 1, |_| (0..15_000_000).map(|x| if x < 9 { 255 } else { 0 }).collect());
    let folder = tempfile::tempdir().unwrap();
    let (child, base) = server(folder.path()).await;
    let visitor = visitor(base);
    let before = peak_kib(&child);
    for (width, height) in [(50_000, 50_000), (u32::MAX >> 1, 1), (15_000_000, 1)] {
        let answer = visitor.refused("image", "mask.png", &claiming(width, height)).await;
        assert_eq!((answer.status, answer.problem().code), (422, Code::InvalidInput), "{width}: {}", answer.text());
    }
    let answer = visitor.refused("image", "mask.png", &wide).await;
    assert_eq!((answer.status, answer.problem().code), (422, Code::InvalidInput), "{}", answer.text());
    let growth = peak_kib(&child) - before;
    assert!(growth < 64 * 1024, "{growth} KiB");
}

#[tokio::test]
async fn a_server_that_is_killed_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, base) = server(folder.path()).await;
    let first = visitor(base);
    let (path, third) = (first.begin("video", "clip.mp4", VIDEO.len()).await, VIDEO.len() / 3);
    assert_eq!(first.patch(&path, 0, &VIDEO[..third]).await.status, 204);
    let chunks = futures_util::stream::iter([Ok::<_, std::io::Error>(VIDEO[third..2 * third].to_vec())]);
    let open = futures_util::StreamExt::chain(chunks, futures_util::stream::pending());
    let hanging = tokio::spawn(first.patch_request(&path, third, reqwest::Body::wrap_stream(open)).send());
    crate::helpers::eventually(async || (first.offset(&path).await == 2 * third).then_some(())).await;
    child.kill().await.unwrap();
    assert!(hanging.await.unwrap().is_err());

    let (_child, base) = server(folder.path()).await;
    let second = visitor(base);
    assert_eq!(second.offset(&path).await, 2 * third);
    assert_eq!(second.patch(&path, 2 * third, &VIDEO[2 * third..]).await.status, 204);
    assert_eq!(second.get(&routes::media(crate::tus::id(&path), "clip.mp4")).await.body, VIDEO);
}
