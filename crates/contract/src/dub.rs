//! A dub, as its owner sees it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Media, Problem, Resolution};

/// A dub's id: opaque, and too long to be guessed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DubId(pub String);

impl fmt::Display for DubId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an event tells of a dub that was deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gone {
    /// The dub that was.
    pub id: DubId,
}

/// One dub: one video, one new voice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dub {
    /// Its id.
    pub id: DubId,
    /// The batch it was asked for with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<String>,
    /// What its owner calls it, mostly a language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Where it is in its life.
    pub phase: Phase,
    /// Grows with every change of its own: of two sights of it, the one with the greater number is the newer one. Its place
    /// in the queue changes without it.
    #[serde(default)]
    pub revision: i64,
    /// How many stand before it plus one, while [`Phase::Queued`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue_position: Option<u32>,
    /// Grows with every dub that is asked for: the one with the greater number is listed first. Those of a batch were asked
    /// for at one moment, so times do not tell.
    #[serde(default)]
    pub number: i64,
    /// When it was asked for.
    pub created_at: String,
    /// When it last changed.
    pub updated_at: String,
    /// When the provider took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<String>,
    /// When it reached a final phase.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
    /// How long it is expected to take from `started_at` on, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_s: Option<u32>,
    /// What it is made from.
    pub input: DubInput,
    /// What was made, once [`Phase::Succeeded`] and for as long as it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Output>,
    /// What went wrong, why it waits, or why what was made is not here any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Problem>,
    /// What the provider says it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Metrics>,
}

/// Where a dub is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Accepted, waiting for a free slot.
    Queued,
    /// Its inputs are being put where the provider can fetch them.
    Staging,
    /// The create is being sent.
    Submitting,
    /// The provider works on it.
    Processing,
    /// The result is being fetched.
    Saving,
    /// Done: there is an output, until its time is over.
    Succeeded,
    /// Over without an output.
    Failed,
    /// Ended by its owner.
    Cancelled,
    /// The create may or may not have been taken; never sent again by itself.
    Unconfirmed,
}

impl Phase {
    /// Every phase, in the order of a dub's life.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Staging,
        Self::Submitting,
        Self::Processing,
        Self::Saving,
        Self::Succeeded,
        Self::Failed,
        Self::Cancelled,
        Self::Unconfirmed,
    ];

    /// The phase as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Staging => "staging",
            Self::Submitting => "submitting",
            Self::Processing => "processing",
            Self::Saving => "saving",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Unconfirmed => "unconfirmed",
        }
    }

    /// The phase of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.as_str() == name)
    }

    /// Whether nothing changes any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    /// Whether the dub goes on without its owner. An unconfirmed one waits for them.
    pub fn is_moving(self) -> bool {
        !self.is_final() && self != Self::Unconfirmed
    }
}

/// What a dub is made from: the request, with what it left open filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DubInput {
    /// The picture.
    pub video: Media,
    /// The new voice.
    pub audio: Media,
    /// The positive prompt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// The resolution.
    pub resolution: Resolution,
    /// White where the person to animate is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask_image: Option<Media>,
    /// The seed that was, or will be, sent.
    pub seed: u32,
}

/// A finished dub's video.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Where it is: a path on this server.
    pub url: String,
    /// Its media type.
    pub content_type: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Its length in milliseconds.
    pub duration_ms: u64,
    /// The picture's width in pixels.
    pub width: u32,
    /// The picture's height in pixels.
    pub height: u32,
    /// When it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
}

/// What the provider says a dub took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// The time it was worked on, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predict_time_s: Option<f64>,
    /// What it cost, in USD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<f64>,
}

/// One page of a visitor's dubs, newest first (`GET /api/dubs`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DubPage {
    /// The dubs.
    pub dubs: Vec<Dub>,
    /// Where the next page starts, unless this is the last.
    pub next_cursor: Option<String>,
}
