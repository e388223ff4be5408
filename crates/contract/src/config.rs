//! What the page must know of the server it talks to (`GET /api/config`).

use serde::{Deserialize, Serialize};

use crate::{MediaPolicy, UploadLimits, limits};

/// The answer of `GET /api/config`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Whether dubs cost money.
    pub mode: Mode,
    /// The limits of this server.
    pub limits: Limits,
    /// Whose page this is.
    pub brand: Brand,
    /// BCP 47 tags of the languages the page speaks, the preferred one first.
    pub languages: Vec<String>,
    /// What this server can do beyond the basics.
    pub features: Features,
    /// What a second of speech costs in USD, where the operator has set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_per_second_usd: Option<f64>,
    /// How long one dub is expected to take, in seconds, before this server has a history of its own.
    pub estimate_s: u32,
    /// Media that anyone may try the page with; only a sandbox has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<Sample>,
}

/// Whether dubs cost money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A simulator stands in for the provider: nothing is billed.
    Sandbox,
    /// The provider itself: every dub is billed.
    Live,
}

impl Mode {
    /// Which links this mode takes as media.
    pub fn media_policy(self) -> MediaPolicy {
        match self {
            Self::Sandbox => MediaPolicy::PublicOrLoopback,
            Self::Live => MediaPolicy::PublicOnly,
        }
    }
}

/// The limits of this server, as [`limits`] gives them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The longest prompt, in characters.
    pub prompt_max_chars: usize,
    /// The longest label, in characters.
    pub label_max_chars: usize,
    /// The longest media link, in bytes.
    pub url_max_bytes: usize,
    /// What may be uploaded; `None` where nothing may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<UploadLimits>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            prompt_max_chars: limits::PROMPT_MAX_CHARS,
            label_max_chars: limits::LABEL_MAX_CHARS,
            url_max_bytes: limits::URL_MAX_BYTES,
            upload: None,
        }
    }
}

/// Whose page this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// The name in the bar.
    pub name: String,
}

/// What a server can do beyond the basics. A feature that an answer does not name is off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches, not a state")]
pub struct Features {
    /// Files from disk (`/api/uploads`).
    pub uploads: bool,
    /// Many voices at once (`/api/batches`).
    pub batches: bool,
    /// Server-sent events.
    pub events: bool,
    /// `POST /api/dubs/{id}/cancel`.
    pub cancel: bool,
}

/// A video and voices for it that anyone may try the page with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The link of the video.
    pub video: String,
    /// The voices.
    pub voices: Vec<SampleVoice>,
}

/// One voice of the [`Sample`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleVoice {
    /// The language, in its own words.
    pub label: String,
    /// The link of the audio.
    pub audio: String,
}
