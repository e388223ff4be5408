//! Dubs as their owners ask for them and see them.

use contract::{Dub, DubId, DubInput, Phase};

use super::{Change, Owner};

/// A dub to be accepted.
#[derive(Debug, Clone)]
pub struct DubToInsert {
    /// Its id, newly drawn.
    pub id: DubId,
    /// Whose it is.
    pub owner: Owner,
    /// What its owner calls it.
    pub label: Option<String>,
    /// What it is made from.
    pub input: DubInput,
    /// How long it is expected to take, in seconds.
    pub estimate_s: u32,
    /// The key its owner gave the request, and the hash of the request's body.
    pub idempotency: Option<Idempotency>,
}

/// What makes a repeated request recognisable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Idempotency {
    /// The owner's `Idempotency-Key`.
    pub key: String,
    /// The SHA-256 of the request's body, in hexadecimal.
    pub body_hash: String,
}

/// What became of a [`DubToInsert`].
#[derive(Debug, Clone, PartialEq)]
pub enum Inserted {
    /// It is on disk now.
    New(StoredDub),
    /// The same request was accepted before, as this dub.
    Known(StoredDub),
    /// The key was used before, with another body.
    Mismatch,
    /// An upload that it names is not its owner's, not whole, or gone: nothing was stored.
    UploadMissing,
}

/// A dub as its owner may see it, with the version of this sight.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDub {
    /// The dub.
    pub dub: Dub,
    /// Grows with every change of the dub's own; its place in the queue is not one.
    pub version: i64,
    /// The number of its newest change.
    pub change: Change,
}

/// Which of a visitor's dubs are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// Only those older than this one, by the cursor of the page before.
    pub cursor: Option<i64>,
    /// How many at most.
    pub limit: u32,
    /// Only those in this phase.
    pub phase: Option<Phase>,
    /// Only those whose label or video's link has this text in it, whatever the case of its Latin letters.
    pub text: Option<String>,
}

/// One page of a visitor's dubs.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The dubs, newest first.
    pub dubs: Vec<Dub>,
    /// The cursor of the next page, unless this is the last.
    pub next: Option<i64>,
}

/// What became of a resubmit.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "made once a request and taken apart at once")]
pub enum Resubmitted {
    /// It is queued again.
    Queued(StoredDub),
    /// It is in this phase and cannot be sent again.
    NotUnconfirmed(Phase),
    /// There is no such dub of this owner's.
    NotFound,
}

/// How long a dub took that succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastDub {
    /// From the create to the stored result, in milliseconds.
    pub took_ms: u64,
    /// How long what was made is, in milliseconds: as long as its voice.
    pub made_ms: Option<u64>,
}
