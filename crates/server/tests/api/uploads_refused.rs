//! Files that are refused: each line "Uploads" of the reliability page by its name, and what else people drop by mistake.

use contract::{Code, routes, upload::OFFSET_OCTET_STREAM};
use reqwest::Method;
use tokio::{io::AsyncReadExt as _, net::TcpListener};

use crate::{
    helpers::TestApp,
    tus::{VIDEO, VOICE, metadata},
};

fn padded(start: &str) -> Vec<u8> {
    let mut bytes = start.as_bytes().to_vec();
    bytes.resize(40_000, b' ');
    bytes
}

#[tokio::test]
async fn html_or_svg_named_mp4_is_415() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for content in
        ["<!DOCTYPE html><script>alert(1)</script>", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "%PDF-1.7"]
    {
        for kind in ["video", "audio", "image"] {
            let answer = visitor.refused(kind, "clip.mp4", &padded(content)).await;
            assert_eq!((answer.status, answer.problem().code), (415, Code::UnsupportedMedia), "{content}");
        }
    }
    let pdf = visitor.refused("audio", "voice.mp3", &padded("%PDF-1.7")).await;
    assert!(pdf.problem().detail.contains("This is a PDF."), "{}", pdf.text());
    assert_eq!(app.upload_files(), []);
}

#[tokio::test]
async fn a_playlist_named_mp4_is_415_and_no_connection() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let trap = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let link = format!("http://{}/a.mp4", trap.local_addr().unwrap());
    for content in [
        format!("#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{link}\n"),
        format!("ffconcat version 1.0\nfile {link}\n"),
        format!("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\"><BaseURL>{link}</BaseURL></MPD>"),
    ] {
        let answer = visitor.refused("video", "clip.mp4", &padded(&content)).await;
        assert_eq!((answer.status, answer.problem().code), (415, Code::UnsupportedMedia));
        assert!(answer.problem().detail.contains("playlist"), "{}", answer.text());
    }
    assert_eq!(app.upload_files(), []);
    let somebody = tokio::time::timeout(std::time::Duration::from_millis(50), trap.accept()).await;
    assert!(somebody.is_err(), "somebody connected");
}

#[tokio::test]
async fn zero_bytes_is_422() {
    let app = TestApp::idle().await;
    let answer = app.visitor().await.begin_with(0, &metadata("video", "empty.mp4")).await;
    assert_eq!((answer.status, answer.problem().code), (422, Code::InvalidInput));
    assert!(answer.problem().detail.contains("empty"));
}

#[tokio::test]
async fn over_the_limit_is_413_unread_when_declared_at_the_limit_when_not_and_nothing_is_left_on_disk() {
    let app = TestApp::with(|config| config.uploads.limits.max_bytes = 100_000).await;
    let visitor = app.visitor().await;
    for length in [100_001, u64::MAX] {
        let answer = visitor.begin_with(length, "").await;
        assert_eq!((answer.status, answer.problem().code), (413, Code::TooLarge), "{length}");
    }
    assert_eq!(visitor.begin_with(100_000, "").await.status, 201);
    let announced = visitor.begin("audio", "a.mp3", VOICE.len()).await;
    let a_body = |bytes: u64| format!("Content-Type: {OFFSET_OCTET_STREAM}\r\nContent-Length: {bytes}");
    for (method, path, headers) in [
        (Method::POST, routes::UPLOADS, format!("Upload-Length: 100001\r\n{}", a_body(100_001))),
        (Method::POST, routes::UPLOADS, format!("Upload-Length: {}\r\n{}", u64::MAX, a_body(1 << 50))),
        (Method::PATCH, &*announced, format!("Upload-Offset: 0\r\n{}", a_body(1 << 50))),
    ] {
        // No byte of the body is sent: it is answered without one, or not with this.
        let mut unread = visitor.open(method, path, &headers).await;
        let mut told = [0; 12];
        unread.read_exact(&mut told).await.unwrap();
        assert_eq!(std::str::from_utf8(&told), Ok("HTTP/1.1 413"), "{headers}");
    }
    let more = [VOICE, VOICE].concat();
    let said = visitor.begin("audio", "a.mp3", VOICE.len()).await;
    let unsaid = visitor.begin("audio", "a.mp3", VOICE.len()).await;
    for answer in [visitor.patch(&said, 0, &more).await, visitor.patch_chunked(&unsaid, 0, &more).await] {
        assert_eq!((answer.status, answer.problem().code), (413, Code::TooLarge), "{}", answer.text());
    }
    assert_eq!(app.upload_files(), []);
}

#[tokio::test]
async fn a_name_with_dots_crlf_or_300_characters_is_harmless() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let long = format!("{}.exe", "x".repeat(300));
    for name in ["../../../redub.sqlite", "a\r\nSet-Cookie: a=b.mp4", &long, "", "a\0b", "C:\\con.mp3"] {
        let path = visitor.upload("audio", name, VOICE).await;
        assert_eq!(visitor.offset(&path).await, VOICE.len(), "{name:?}");
    }
    for (name, bytes) in app.upload_files() {
        let id = name.strip_suffix(".mp3").unwrap_or_else(|| panic!("{name}"));
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        assert_eq!(bytes, VOICE);
    }
}

#[tokio::test]
async fn what_is_of_another_kind_than_declared_is_refused_and_the_reason_told() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for (kind, bytes, word) in [
        ("video", VOICE, "sound without a picture"),
        ("audio", VIDEO, "is a video"),
        ("image", VIDEO, "is a video"),
        ("image", VOICE, "PNG"),
    ] {
        let answer = visitor.refused(kind, "file", bytes).await;
        assert_eq!((answer.status, answer.problem().code), (415, Code::UnsupportedMedia), "{kind}");
        assert!(answer.problem().detail.contains(word), "{kind}: {}", answer.text());
    }
    assert_eq!(app.upload_files(), []);
}

#[tokio::test]
async fn a_truncated_file_is_refused() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for cut in [100, VIDEO.len() / 2, VIDEO.len() - 1] {
        let answer = visitor.refused("video", "clip.mp4", &VIDEO[..cut]).await;
        assert_eq!((answer.status, answer.problem().code), (422, Code::InvalidInput), "{cut}");
    }
    assert_eq!(visitor.refused("audio", "a.mp3", &VOICE[..20]).await.status, 422);
    assert_eq!(app.upload_files(), []);
}

#[tokio::test]
async fn what_is_of_no_use_is_refused_with_its_first_bytes() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let path = visitor.begin("video", "clip.mp4", 50_000_000).await;
    let answer = visitor.patch(&path, 0, &padded("<html><body>")).await;
    assert_eq!(answer.status, 415, "{}", answer.text());
    assert_eq!(visitor.head(&path).await.status, 404);
    assert_eq!(app.upload_files(), []);
}
