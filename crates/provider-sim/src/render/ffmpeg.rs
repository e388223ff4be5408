//! Runs ffmpeg and ffprobe. A child ends with the future that waits for it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::RenderError;

/// Real containers only: a playlist would make ffmpeg read further files.
pub(super) const FORMATS: &str = "mp4,webm,avi,mpeg,mpegts,mpegvideo,mp3,wav,aac,flac,ogg,aiff,caf,amr,w64";

/// The rate that a voice is decoded to.
const SAMPLES_A_SECOND: u32 = 48_000;
/// Two channels of 16 bits.
const BYTES_A_SAMPLE: u32 = 4;
/// A sister service of the model stops here.
const LONGEST_VOICE_SECONDS: f64 = 600.0;
/// Far beyond what ten minutes at 720p take.
const PATIENCE: Duration = Duration::from_mins(30);

/// A decoded voice.
pub(super) struct Voice {
    path: PathBuf,
    /// Exact, by the number of samples.
    pub(super) seconds: f64,
}

/// Decodes the first audio stream, because only its samples tell how long it truly is.
pub(super) async fn decode_voice(audio: &Path, work: &Path) -> Result<Voice, RenderError> {
    let path = work.join("voice.pcm");
    let output = ["-map", "0:a:0", "-t", "601", "-f", "s16le", "-ar", "48000", "-ac", "2"].map(Into::into);
    let args = input(audio).chain(output).chain([path.clone().into()]);
    let (succeeded, _, complaint) = run("ffmpeg", args).await?;
    let bytes = tokio::fs::metadata(&path).await.map_or(0, |file| file.len());
    let samples = u32::try_from(bytes / u64::from(BYTES_A_SAMPLE)).unwrap_or(u32::MAX);
    let seconds = f64::from(samples) / f64::from(SAMPLES_A_SECOND);
    if !succeeded || samples == 0 {
        tracing::debug!(complaint, "the voice cannot be decoded");
        return Err(RenderError::unusable("audio", "it cannot be decoded"));
    }
    if seconds > LONGEST_VOICE_SECONDS {
        return Err(RenderError::unusable("audio", "it is longer than 10 minutes"));
    }
    Ok(Voice { path, seconds })
}

/// The result: cropped to `size`, 25 fps by frame index as the model does it, as long as the voice.
pub(super) async fn render(
    video: &Path,
    voice: &Voice,
    mark: &Path,
    (width, height): (u32, u32),
    made: &Path,
) -> Result<(), RenderError> {
    let mark_width = width.min(height) / 3;
    let filters = format!(
        "[0:v:0]setpts=N/(25*TB),fps=25,scale=trunc(iw*sar/2)*2:ih,setsar=1,\
         scale={width}:{height}:force_original_aspect_ratio=increase,crop={width}:{height},\
         tpad=stop=-1:stop_mode=clone[picture];[2:v]scale={mark_width}:-1[mark];\
         [picture][mark]overlay=W-w-16:16,format=yuv420p[shown]"
    );
    let sound = ["-f", "s16le", "-ar", "48000", "-ac", "2", "-i"].map(Into::into).into_iter();
    let output = [
        "-filter_complex",
        &filters,
        "-map",
        "[shown]",
        "-map",
        "1:a",
        "-t",
        &format!("{:.6}", voice.seconds),
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-crf",
        "24",
        "-r",
        "25",
        "-threads",
        "2",
        "-c:a",
        "aac",
        "-b:a",
        "128k",
        "-movflags",
        "+faststart",
        "-f",
        "mp4",
    ]
    .map(OsString::from);
    let args = input(video)
        .chain(sound.chain([voice.path.clone().into(), "-i".into(), mark.into()]))
        .chain(output.into_iter().chain([made.into()]));
    let (succeeded, _, complaint) = run("ffmpeg", args).await?;
    if succeeded {
        return Ok(());
    }
    let last = complaint.lines().last().unwrap_or("ffmpeg failed without a word").to_owned();
    Err(RenderError::Tool { reason: last })
}

/// The common start of a command line that reads one foreign file.
fn input(path: &Path) -> impl Iterator<Item = OsString> {
    let fixed = ["-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file", "-format_whitelist", FORMATS, "-i"];
    fixed.map(Into::into).into_iter().chain([path.as_os_str().to_owned()])
}

/// Whether it succeeded, what it wrote, and what it complained about.
pub(super) async fn run(
    program: &'static str,
    args: impl Iterator<Item = OsString>,
) -> Result<(bool, Vec<u8>, String), RenderError> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).kill_on_drop(true);
    let failed = |reason: String| RenderError::Tool { reason };
    let output = tokio::time::timeout(PATIENCE, command.output())
        .await
        .map_err(|_| failed(format!("{program} took too long")))?
        .map_err(|error| failed(format!("{program} cannot be started: {error}")))?;
    Ok((output.status.success(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned()))
}
