//! Looks into a fetched file with ffprobe: has it the stream that the field asks for?

use std::path::Path;

use serde::Deserialize;

use super::RenderError;
use super::ffmpeg::{FORMATS, run};

/// What the renderer needs to know of a video.
pub(super) struct Shape {
    /// Width by height as shown, after rotation.
    pub(super) aspect: f64,
}

#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Format,
}

#[derive(Deserialize)]
struct Format {
    format_name: String,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    sample_aspect_ratio: Option<String>,
    #[serde(default)]
    disposition: Disposition,
    #[serde(default)]
    side_data_list: Vec<SideData>,
}

#[derive(Deserialize, Default)]
struct Disposition {
    /// 1 for the cover of a song, which is no video.
    #[serde(default)]
    attached_pic: u8,
}

#[derive(Deserialize)]
struct SideData {
    rotation: Option<f64>,
}

/// The video's shape, if there is a video in it of the type its extension promises.
pub(super) async fn video(path: &Path, extension: &str) -> Result<Shape, RenderError> {
    let report = report("video", path).await?;
    let is_picture = |stream: &&Stream| stream.codec_type.as_deref() == Some("video");
    let shown = |stream: &&Stream| is_picture(stream) && stream.disposition.attached_pic == 0;
    let stream =
        report.streams.iter().find(shown).ok_or_else(|| RenderError::unusable("video", "it has no video stream"))?;
    if !report.format.format_name.split(',').any(|format| fits(format, extension)) {
        return Err(RenderError::unusable("video", format!("its URL ends in .{extension}, but it is none")));
    }
    let (Some(width), Some(height)) = (stream.width.filter(|w| *w > 0), stream.height.filter(|h| *h > 0)) else {
        return Err(RenderError::unusable("video", "its picture has no size"));
    };
    let aspect = f64::from(width) / f64::from(height) * pixel_aspect(stream.sample_aspect_ratio.as_deref());
    let turned = stream.side_data_list.iter().filter_map(|data| data.rotation).any(|by| (by / 90.0) % 2.0 != 0.0);
    Ok(Shape { aspect: if turned { 1.0 / aspect } else { aspect } })
}

/// An error unless there is sound in it.
pub(super) async fn audio(path: &Path) -> Result<(), RenderError> {
    let report = report("audio", path).await?;
    let has_sound = report.streams.iter().any(|stream| stream.codec_type.as_deref() == Some("audio"));
    has_sound.then_some(()).ok_or_else(|| RenderError::unusable("audio", "it has no audio stream"))
}

async fn report(what: &'static str, path: &Path) -> Result<Report, RenderError> {
    let wanted = "format=format_name:stream=codec_type,width,height,sample_aspect_ratio\
                  :stream_disposition=attached_pic:stream_side_data=rotation";
    let fixed = ["-v", "error", "-protocol_whitelist", "file", "-format_whitelist", FORMATS];
    let args = fixed.into_iter().chain(["-of", "json", "-show_entries", wanted]).map(Into::into);
    let (succeeded, report, complaint) = run("ffprobe", args.chain([path.as_os_str().to_owned()])).await?;
    let read = succeeded.then(|| serde_json::from_slice(&report).ok()).flatten();
    read.ok_or_else(|| {
        tracing::debug!(what, complaint, "ffprobe does not know this file");
        RenderError::unusable(what, format!("it is not {} file", if what == "audio" { "an audio" } else { "a video" }))
    })
}

/// Whether a container, by ffmpeg's name, may carry this extension.
fn fits(format: &str, extension: &str) -> bool {
    match extension {
        "mp4" | "mov" => format == "mp4",
        "webm" | "mkv" => format == "webm",
        "mpeg" => ["mpeg", "mpegts", "mpegvideo"].contains(&format),
        other => format == other,
    }
}

/// `4:3` as a number; 1 when unknown.
fn pixel_aspect(ratio: Option<&str>) -> f64 {
    let parts = ratio.and_then(|ratio| ratio.split_once(':'));
    let numbers = parts.and_then(|(a, b)| Some((a.parse::<f64>().ok()?, b.parse::<f64>().ok()?)));
    numbers.filter(|(a, b)| *a > 0.0 && *b > 0.0).map_or(1.0, |(a, b)| a / b)
}
