//! A look into a whole file: whether it is what its first bytes say, and has what a dub needs.
//!
//! The files are visitors'. So nothing here reads more of one into memory than a fixed amount, whatever the file claims of
//! itself; containers are walked by their boxes alone, since the demuxers that there are build lists as long as a file
//! says. What panics all the same, is no file that can be used.

mod audio;
mod avi;
mod boxes;
mod mask;
mod matroska;
mod mpeg;
mod tagless;

use std::{
    fs::File,
    io::{self, BufReader, Read as _, Seek as _},
    path::{Path, PathBuf},
};

use contract::UploadKind;
use tokio::task::JoinError;

use super::sniff::{self, Family, HEAD_BYTES};

/// Why a file is not taken, in words for its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It is of no type that can be used here.
    NotTaken(String),
    /// It is of the right type, and no dub can be made with what is in it.
    Unusable(String),
}

impl Refusal {
    pub(super) fn not_taken(why: impl Into<String>) -> Self {
        Self::NotTaken(why.into())
    }

    fn unusable(why: impl Into<String>) -> Self {
        Self::Unusable(why.into())
    }

    fn overladen() -> Self {
        Self::unusable("The tags of this file, a cover picture perhaps, are too long: save it without them.")
    }

    fn damaged() -> Self {
        Self::unusable("This file is damaged or was cut short.")
    }
}

/// Why there is no [`Found`].
#[derive(Debug)]
pub(super) enum LookError {
    /// The file is not taken.
    Refused(Refusal),
    /// It could not be read.
    Disk(io::Error),
}

impl From<Refusal> for LookError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A file that ends too early is damaged, one with too much in front of its sound says so; anything else is the disk's fault.
impl From<io::Error> for LookError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // `Other` never comes from a disk: symphonia's readers of bits say so when there are no more.
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::Other => {
                Self::Refused(Refusal::damaged())
            }
            io::ErrorKind::FileTooLarge => Self::Refused(Refusal::overladen()),
            _ => Self::Disk(error),
        }
    }
}

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) kind: UploadKind,
    pub(super) extension: &'static str,
    pub(super) content_type: &'static str,
    /// How long a voice is, where the file says so. Of others it is not asked.
    pub(super) duration_ms: Option<u64>,
}

const fn found(kind: UploadKind, extension: &'static str, content_type: &'static str) -> Found {
    Found { kind, extension, content_type, duration_ms: None }
}

/// What the boxes of a container tell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Streams {
    has_picture: bool,
    has_sound: bool,
    /// Whether it is the older or narrower form: QuickTime, WebM.
    is_variant: bool,
}

/// Looks into the file at `path`, which its owner `declared` to be of a kind.
pub(super) async fn look(
    path: PathBuf,
    declared: Option<UploadKind>,
    max_mask_pixels: u64,
) -> Result<Found, LookError> {
    let name = path.clone();
    let look = move || {
        let found = look_into(&path, declared, max_mask_pixels)?;
        match declared {
            Some(kind) if kind != found.kind => Err(sniff::wrong_kind(kind, found.kind).into()),
            _ => Ok(found),
        }
    };
    outcome(tokio::task::spawn_blocking(look).await, &name)
}

/// What panics is no file that can be used; which one it was, is told to those who can mend it.
fn outcome(looked: Result<Result<Found, LookError>, JoinError>, name: &Path) -> Result<Found, LookError> {
    match looked {
        Ok(found) => found,
        Err(error) if error.is_panic() => {
            tracing::error!(file = %name.display(), %error, "looking into a file failed: this is a bug");
            Err(Refusal::damaged().into())
        }
        // The server is being stopped.
        Err(error) => Err(LookError::Disk(io::Error::other(error))),
    }
}

fn look_into(path: &Path, declared: Option<UploadKind>, max_mask_pixels: u64) -> Result<Found, LookError> {
    use UploadKind::{Audio, Image, Video};

    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut head = Vec::with_capacity(HEAD_BYTES);
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    file.rewind()?;
    let family = sniff::sniff(&head, declared)?;
    let streams = match family {
        Family::Mp4 => boxes::walk(&mut BufReader::new(&file), size)?,
        Family::Matroska => matroska::walk(&mut BufReader::new(&file), size)?,
        Family::Png => {
            mask::look(BufReader::new(&file), max_mask_pixels)?;
            return Ok(found(Image, "png", "image/png"));
        }
        Family::Avi => avi::walk(&mut BufReader::new(&file), size)?,
        Family::Mpeg => mpeg::walk(&mut &file)?,
        Family::Mp3 | Family::Adts | Family::Wav | Family::Flac | Family::Ogg => {
            Streams { has_sound: true, ..Streams::default() }
        }
    };
    let mut found = match (family, streams) {
        (_, Streams { has_picture: false, has_sound: false, .. }) => {
            return Err(Refusal::unusable("There is neither a picture nor sound in this file.").into());
        }
        (Family::Avi | Family::Mpeg, Streams { has_picture: false, .. }) => {
            return Err(Refusal::unusable("There is no picture in this file.").into());
        }
        (Family::Mp4, Streams { has_picture: true, is_variant: true, .. }) => found(Video, "mov", "video/quicktime"),
        (Family::Mp4, Streams { has_picture: true, .. }) => found(Video, "mp4", "video/mp4"),
        (Family::Mp4, _) => found(Audio, "m4a", "audio/mp4"),
        (Family::Matroska, Streams { has_picture: true, is_variant: true, .. }) => found(Video, "webm", "video/webm"),
        (Family::Matroska, Streams { has_picture: true, .. }) => found(Video, "mkv", "video/x-matroska"),
        (Family::Matroska, Streams { is_variant: true, .. }) => found(Audio, "webm", "audio/webm"),
        (Family::Matroska, _) => found(Audio, "mka", "audio/x-matroska"),
        (Family::Avi, _) => found(Video, "avi", "video/x-msvideo"),
        (Family::Mpeg, _) => found(Video, "mpeg", "video/mpeg"),
        (Family::Mp3, _) => found(Audio, "mp3", "audio/mpeg"),
        (Family::Adts, _) => found(Audio, "aac", "audio/aac"),
        (Family::Wav, _) => found(Audio, "wav", "audio/wav"),
        (Family::Flac, _) => found(Audio, "flac", "audio/flac"),
        (Family::Ogg, _) => found(Audio, "ogg", "audio/ogg"),
        (Family::Png, _) => found(Image, "png", "image/png"),
    };
    // What is not wanted need not be listened to.
    if found.kind == Audio && declared.is_none_or(|kind| kind == Audio) {
        file.rewind()?;
        found.duration_ms = audio::look(file, size, found.extension)?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
