//! What a look into a file or behind a link can find, and why it can find nothing.

/// What a file is looked at as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A picture that moves.
    Video,
    /// A voice.
    Voice,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub enum Facts {
    /// Of a [`Kind::Video`].
    Video(VideoFacts),
    /// Of a [`Kind::Voice`].
    Voice(VoiceFacts),
}

/// What a video is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VideoFacts {
    /// In pixels, as it is shown: a phone's turn is taken into account.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// `None` where the file does not say, as a live stream does not.
    pub duration_ms: Option<i64>,
    /// Frames a second; `None` where it could not be told.
    pub fps: Option<f64>,
    /// Whether there is a sound with it; `None` where the browser does not tell.
    pub has_sound: Option<bool>,
}

/// What a voice is.
#[derive(Debug, Clone, PartialEq)]
pub struct VoiceFacts {
    /// `None` where the file does not say.
    pub duration_ms: Option<i64>,
    /// What is to be heard; `None` for a link, whose bytes this page may not read, and for what is too long to be
    /// decoded without filling the memory.
    pub sound: Option<Sound>,
}

/// What is to be heard in a voice.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// The loudest moment of each part, from start to end, 0 to 1 of full scale.
    pub peaks: Vec<f32>,
    /// How long it is silent at the end; all of it, if it is silent throughout.
    pub trailing_silence_ms: i64,
    /// Whether nothing is to be heard at all.
    pub is_silent: bool,
}

/// The longest voice that is decoded: some more than the model takes. A decoder holds all of it at its full rate, up to 25 MB
/// a minute.
const DECODED_MS: i64 = 15 * 60_000;
/// The largest file that is decoded: what 15 minutes have as plain samples.
const DECODED_BYTES: u64 = 260_000_000;
/// The largest file that is decoded when it does not tell its length: what 15 minutes have when they are packed.
const UNTOLD_BYTES: u64 = 40_000_000;

/// Whether a file of this length and size can be decoded without filling the memory.
pub fn is_decodable(duration_ms: Option<i64>, size_bytes: u64) -> bool {
    match duration_ms {
        Some(duration_ms) => duration_ms <= DECODED_MS && size_bytes <= DECODED_BYTES,
        None => size_bytes <= UNTOLD_BYTES,
    }
}

/// Why nothing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookError {
    /// A file of zero bytes.
    Empty,
    /// No media that this browser knows, or cut off.
    Unreadable,
    /// A video was wanted and there is only a sound.
    NoPicture,
    /// A voice was wanted and there is only a picture.
    NoSound,
    /// A link whose other side does not let this page look, or that leads nowhere.
    Closed,
    /// What looks into files could not be started.
    Unavailable(Unavailable),
}

/// Why the workbench could not be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unavailable {
    /// It could not be loaded. To ask again is to try again.
    NotLoaded,
    /// The server has a newer one than this page can talk to.
    Outdated,
}

impl Unavailable {
    /// In the visitor's words, with what would do.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotLoaded => "This part of the page could not be loaded. Check the connection and try again.",
            Self::Outdated => "Redub has been updated since this page was opened. Reload the page to go on.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_hours_are_never_decoded_and_an_ordinary_voice_is() {
        let (hours, voice) = (2 * 3_600_000, 42_000);
        for (duration_ms, size_bytes, is_taken) in [
            (Some(voice), 700_000, true),
            (Some(10 * 60_000), 115_000_000, true),
            (Some(hours), 100_000_000, false),
            (Some(voice), 2_000_000_000, false),
            (None, 1_000_000, true),
            (None, 100_000_000, false),
        ] {
            assert_eq!(is_decodable(duration_ms, size_bytes), is_taken, "{duration_ms:?}, {size_bytes}");
        }
    }
}
