//! The result itself, measured with ffprobe; and inputs that cannot be used.

use std::process::Command;

use serde_json::{Value, json};

use crate::helpers::{Sandbox, wav};

/// What ffprobe reports of these bytes.
fn probe(bytes: &[u8]) -> Value {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), bytes).expect("written");
    let args = ["-v", "error", "-count_frames", "-show_streams", "-show_format", "-of", "json"];
    let output = Command::new("ffprobe").args(args).arg(file.path()).output().expect("ffprobe runs");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn seconds(value: &Value) -> f64 {
    value.as_str().and_then(|text| text.parse().ok()).expect("a duration")
}

fn expect_form(file: &Value, size: (u32, u32), length: f64) {
    let (picture, sound) = (&file["streams"][0], &file["streams"][1]);
    assert_eq!((&picture["codec_name"], &picture["pix_fmt"]), (&json!("h264"), &json!("yuv420p")));
    assert_eq!((&picture["width"], &picture["height"]), (&json!(size.0), &json!(size.1)));
    assert_eq!(picture["avg_frame_rate"], "25/1");
    assert_eq!(sound["codec_name"], "aac");
    for duration in [&picture["duration"], &sound["duration"], &file["format"]["duration"]] {
        assert!((seconds(duration) - length).abs() < 0.1, "{duration} for {length} s");
    }
}

#[tokio::test]
async fn a_result_is_cropped_to_its_bucket_and_as_long_as_the_voice() {
    let sandbox = Sandbox::start().await;
    let (view, bytes) = sandbox.result(&sandbox.input("calm").await).await;
    assert_eq!(view["input"]["prompt"], "calm");
    expect_form(&probe(&bytes), (896, 448), 0.5);
}

#[tokio::test]
async fn the_last_frame_holds_when_the_voice_is_longer_than_the_video() {
    let sandbox = Sandbox::start().await;
    let mut input = sandbox.input("").await;
    input["audio"] = json!(sandbox.upload("audio", "audio/wav", wav(8.5)).await);
    let (_, bytes) = sandbox.result(&input).await;
    expect_form(&probe(&bytes), (896, 448), 8.5);
}

#[tokio::test]
async fn a_tall_video_of_sixty_frames_a_second_gives_a_tall_result_of_twenty_five() {
    let sandbox = Sandbox::start().await;
    let mut input = sandbox.input("").await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tall.webm");
    let args = ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=180x320:rate=60:duration=0.5", "-c:v", "libvpx"];
    assert!(Command::new("ffmpeg").args(args).arg(&file).status().expect("ffmpeg runs").success());
    let bytes = std::fs::read(file).expect("read");
    input["video"] = json!(sandbox.upload("video", "video/webm", bytes).await);
    input["resolution"] = json!("720p");
    let (_, bytes) = sandbox.result(&input).await;
    expect_form(&probe(&bytes), (704, 1280), 0.5);
}

#[tokio::test]
async fn equal_inputs_share_one_rendering() {
    let sandbox = Sandbox::start().await;
    let input = sandbox.input("").await;
    let ids = futures_util::future::join_all((0..4).map(|_| sandbox.accepted(&input))).await;
    for id in &ids {
        assert_eq!(sandbox.ended(id).await["status"], "success");
    }
    let folder = sandbox.folder.path().join("renders");
    let files = std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok);
    assert_eq!(files.filter(|file| file.path().extension().is_some_and(|kind| kind == "mp4")).count(), 1);
}

#[tokio::test]
async fn an_input_that_cannot_be_used_ends_in_an_error_that_names_it() {
    let sandbox = Sandbox::start().await;
    let good = sandbox.input("").await;
    let text = sandbox.upload("video", "video/mp4", b"<html>not a video</html>".to_vec()).await;
    let sound_as_video = sandbox.upload("video", "video/mp4", wav(0.1)).await;
    let playlist = b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n".to_vec();
    let playlist = sandbox.upload("video", "video/mp4", playlist).await;
    let presenter = sandbox.http.get(sandbox.sim.sample_url("presenter.mp4")).send().await.expect("an answer");
    let misnamed = presenter.bytes().await.expect("bytes").to_vec();
    let misnamed = sandbox.upload("video", "video/webm", misnamed).await;
    for (name, url, words) in [
        ("video", sandbox.url("/sample/none.mp4"), "video could not be fetched its address answered 404"),
        ("audio", sandbox.url("/sample/none.mp3"), "audio could not be fetched"),
        ("video", text.clone(), "not a video file"),
        ("video", sound_as_video, "no video stream"),
        ("video", playlist, "not a video file"),
        ("video", misnamed, "ends in .webm"),
        ("video", sandbox.sim.sample_url("presenter"), "does not end in"),
        ("audio", text.clone(), "not an audio file"),
        ("mask_image", text, "neither a PNG nor a JPEG"),
    ] {
        let mut input = good.clone();
        input[name] = json!(url);
        let ended = sandbox.ended(&sandbox.accepted(&input).await).await;
        assert_eq!(ended["status"], "error", "{name}: {words}");
        let said = format!("{} {}", ended["message"], ended["details"]).replace('"', "");
        assert!(said.contains(words), "{said} for {words}");
    }
}
