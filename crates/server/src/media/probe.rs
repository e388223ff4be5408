//! What a video file is, read from its own bytes.

use std::{fs::File, io::BufReader, path::PathBuf};

use re_mp4::{Mp4, TrackKind};

use super::FetchError;

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Probed {
    pub(super) content_type: &'static str,
    pub(super) duration_ms: u64,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Looks into the MP4 video at `path`; only its index is read, not its pictures.
pub(super) async fn video(path: PathBuf) -> Result<Probed, FetchError> {
    // The demuxer may panic on what it does not expect; then the file is no video of ours.
    tokio::task::spawn_blocking(move || look_into(&path)).await.unwrap_or(Err(FetchError::NotAVideo))
}

fn look_into(path: &std::path::Path) -> Result<Probed, FetchError> {
    if !matches!(infer::get_from_path(path)?, Some(kind) if kind.matcher_type() == infer::MatcherType::Video) {
        return Err(FetchError::NotAVideo);
    }
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    let mp4 = Mp4::read(BufReader::new(file), size).map_err(|_| FetchError::NotAVideo)?;
    let picture =
        mp4.tracks().values().find(|track| track.kind == Some(TrackKind::Video)).ok_or(FetchError::NotAVideo)?;
    let duration_ms =
        mp4.moov.traks.iter().filter_map(|trak| in_ms(trak.mdia.mdhd.duration, trak.mdia.mdhd.timescale)).max();
    Ok(Probed {
        content_type: "video/mp4",
        duration_ms: duration_ms.filter(|duration| *duration > 0).ok_or(FetchError::NotAVideo)?,
        width: picture.width.into(),
        height: picture.height.into(),
    })
}

fn in_ms(duration: u64, timescale: u32) -> Option<u64> {
    duration.checked_mul(1_000)?.checked_div(timescale.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn look(bytes: &[u8]) -> Result<Probed, FetchError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, bytes).unwrap();
        video(path).await
    }

    #[tokio::test]
    async fn what_is_no_video_is_told_from_one() {
        let ftyp = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".as_slice();
        let huge_box = [ftyp, b"\xff\xff\xff\xffmoov\0\0\0\0"].concat();
        for bytes in [b"".as_slice(), b"<html>", b"\x89PNG\r\n\x1a\n", ftyp, &huge_box] {
            assert!(matches!(look(bytes).await, Err(FetchError::NotAVideo)), "{bytes:?}");
        }
    }
}
