//! Uploads whose bytes stop coming: cuts, dead connections, restarts, and a second writer.

use contract::Code;
use tokio::io::AsyncReadExt as _;

use crate::{
    helpers::{TestApp, eventually},
    tus::{VIDEO, id},
};

#[tokio::test]
async fn cut_at_half_resumes_at_the_offset() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let (path, half) = (visitor.begin("video", "clip.mp4", VIDEO.len()).await, VIDEO.len() / 2);
    drop(visitor.open_patch(&path, 0, VIDEO.len(), &VIDEO[..half]).await);
    assert_eq!(visitor.offset(&path).await, half);
    assert_eq!(visitor.patch(&path, half, &VIDEO[half..]).await.status, 204);
    assert_eq!(app.upload_files(), [(format!("{}.mp4", id(&path)), VIDEO.into())]);
}

#[tokio::test]
async fn a_newer_request_goes_on_where_an_older_one_hangs() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let path = visitor.begin("video", "clip.mp4", VIDEO.len()).await;
    let mut dead = visitor.open_patch(&path, 0, VIDEO.len(), &VIDEO[..9_000]).await;
    let answer = visitor.patch(&path, 9_000, &VIDEO[9_000..]).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    assert_eq!(app.upload_files(), [(format!("{}.mp4", id(&path)), VIDEO.into())]);
    let mut told = [0; 12];
    dead.read_exact(&mut told).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 409");
}

#[tokio::test]
async fn two_tabs_that_upload_the_same_file_corrupt_nothing() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let path = visitor.begin("video", "clip.mp4", VIDEO.len()).await;
    let tab = async || {
        loop {
            let offset = visitor.offset(&path).await;
            if offset == VIDEO.len() {
                break;
            }
            let end = VIDEO.len().min(offset + 3_001);
            let answer = visitor.patch(&path, offset, &VIDEO[offset..end]).await;
            assert!(matches!(answer.status, 204 | 409), "{}", answer.text());
        }
    };
    tokio::join!(tab(), tab(), tab());
    assert_eq!(app.upload_files(), [(format!("{}.mp4", id(&path)), VIDEO.into())]);
}

#[tokio::test]
async fn a_client_that_sends_nothing_is_ended_and_what_came_is_kept() {
    let app = TestApp::with(|config| config.uploads.stall = std::time::Duration::from_millis(300)).await;
    let visitor = app.visitor().await;
    let path = visitor.begin("video", "clip.mp4", VIDEO.len()).await;
    let mut silent = visitor.open_patch(&path, 0, VIDEO.len(), &VIDEO[..5_000]).await;
    let mut told = [0; 12];
    silent.read_exact(&mut told).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 408");
    assert_eq!(visitor.offset(&path).await, 5_000);
}

#[tokio::test]
async fn who_brings_too_many_at_once_has_to_wait_and_others_do_not() {
    let app = TestApp::idle().await;
    let (visitor, other) = (app.visitor().await, app.visitor().await);
    let mut open = Vec::new();
    for _ in 0..8 {
        let path = visitor.begin("video", "clip.mp4", VIDEO.len()).await;
        open.push(visitor.open_patch(&path, 0, VIDEO.len(), &VIDEO[..1_000]).await);
    }
    let path = visitor.begin("video", "clip.mp4", VIDEO.len()).await;
    let answer = visitor.patch(&path, 0, VIDEO).await;
    assert_eq!((answer.status, answer.problem().code), (409, Code::Conflict), "{}", answer.text());
    other.upload("video", "clip.mp4", VIDEO).await;
    drop(open.pop());
    eventually(async || (visitor.patch(&path, 0, VIDEO).await.status == 204).then_some(())).await;
}

#[tokio::test]
async fn a_server_that_stops_keeps_what_came_and_says_so() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let path = visitor.begin("video", "clip.mp4", VIDEO.len()).await;
    let mut open = visitor.open_patch(&path, 0, VIDEO.len(), &VIDEO[..5_000]).await;
    let (file, started) = (app.config.data.join("arriving-uploads").join(id(&path)), std::time::Instant::now());
    let _kept = app.stop().await;
    assert!(started.elapsed() < std::time::Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(std::fs::read(file).unwrap(), VIDEO[..5_000]);
    let mut told = [0; 12];
    open.read_exact(&mut told).await.unwrap();
    assert_eq!(&told, b"HTTP/1.1 503");
}

#[tokio::test]
async fn an_upload_that_is_removed_while_it_arrives_is_gone() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let path = visitor.begin("video", "clip.mp4", VIDEO.len()).await;
    let _open = visitor.open_patch(&path, 0, VIDEO.len(), &VIDEO[..5_000]).await;
    assert_eq!(visitor.delete(&path).await.status, 204);
    let answer = visitor.patch(&path, 5_000, b"more").await;
    assert_eq!((answer.status, answer.problem().code), (404, Code::NotFound));
    assert_eq!(app.upload_files(), []);
}
