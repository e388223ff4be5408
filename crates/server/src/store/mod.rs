//! What must survive: the dubs, their creates and the provider's limits. The store is the queue.
//!
//! [`Store`] is the only way to it; each of its changes is one transaction, durable when it returns. SQL stands below
//! this module and nowhere else. What a change should be is decided by [`dispatch`](crate::dispatch).

mod batches;
mod changes;
#[cfg(test)]
mod conformance;
mod dubs;
mod feed;
mod hooks;
mod keeping;
mod life;
#[cfg(test)]
pub(crate) mod samples;
mod sqlite;
mod staging;
mod uploads;

use std::time::Duration;

use async_trait::async_trait;
use contract::{DubId, DubInput, Metrics, Phase, Problem};

pub use batches::{BatchStore, BatchToInsert, InsertedBatch};
pub use changes::{Change, ChangeStore, Sight, Since};
pub use dubs::{DubToInsert, Idempotency, Inserted, Listed, Listing, PastDub, Resubmitted, StoredDub};
pub use feed::{Feed, Heard, Scope, Watching};
pub use hooks::{Hook, HookStore, Hooked};
pub use keeping::{ExpiredResult, KeepStore, KeptFile, KeptResult, KeptUpload};
pub use life::{
    CancelDue, CancelEnd, CancelStep, CancelWhy, Cancelling, Evidence, LifeStore, RESULT_NAME, Removal, Sought,
};
pub use sqlite::SqliteStore;
pub use staging::{LINK_SPARE, NewStaged, StagedId, StagedOver, StagedPlace, StagingEnd, StagingStore, ToStage};
pub use uploads::{Begun, Disowned, KEPT_UNCONFIRMED, StoredUpload, Upload, UploadContent, UploadId, UploadStore};

use crate::clock::Moment;

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk is full; nothing was changed.
    #[error("the disk is full")]
    Full(#[source] sqlx::Error),
    /// The database failed or could not be opened; nothing was changed.
    #[error("the database failed")]
    Database(#[source] sqlx::Error),
    /// The prediction belongs to another dub; nothing was changed.
    #[error("the prediction belongs to another dub")]
    PredictionTaken,
    /// The schema could not be brought up to date.
    #[error("the database could not be migrated")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A row says something that this build does not understand.
    #[error("a row of the database cannot be read")]
    Corrupt(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Who owns dubs and uploads: the hash of the visitor's token, so that a copy of the store opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Owner(pub String);

/// The provider's name of one prediction.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PredictionId(pub String);

/// One create sent, or about to be sent, for a dub.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CreateId(pub i64);

/// The provider's limits per key (its model card, read 2026-11-22).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProviderLimits {
    /// How many predictions may run at once.
    pub running: u32,
    /// How many creates may arrive within [`ProviderLimits::WINDOW`].
    pub creates: u32,
}

impl ProviderLimits {
    /// The time over which creates are counted.
    pub const WINDOW: Duration = Duration::from_mins(1);
}

/// What the dispatcher may send next.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// This one: the intent to send it is on disk.
    Send(Box<Intent>),
    /// Nothing before this moment, or before something changes.
    Wait(Moment),
}

/// The written intent to send one create.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// The create.
    pub create: CreateId,
    /// The dub it is for.
    pub dub: DubId,
    /// What to send: links in place of files.
    pub input: DubInput,
    /// How often in a row this dub's create could not be sent.
    pub tries: u32,
    /// By what a call of the provider's about this create is known.
    pub hook: Hook,
}

/// Why the provider takes nothing from us, which the operator has to put right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShutReason {
    /// 401.
    KeyRefused,
    /// 402.
    BalanceTooLow,
}

/// How a create ended, and with that where its dub goes.
#[derive(Debug, Clone, PartialEq)]
pub enum CreateEnd {
    /// The provider took it: to `processing`.
    Accepted {
        /// The provider's name of it.
        prediction: PredictionId,
        /// When to look first.
        poll_at: Moment,
    },
    /// Nothing was sent: back to `queued`, and nothing else is sent before `retry_at` either.
    NotSent {
        /// When to try again.
        retry_at: Moment,
        /// What every owner of a queued dub reads meanwhile.
        problem: Problem,
    },
    /// The provider took nothing and wants no more for now: back to `queued`, behind the others.
    TurnedAway {
        /// When to try again, with one create at first.
        retry_at: Moment,
        /// What every owner of a queued dub reads meanwhile; `None` for a mere rate limit.
        problem: Option<Problem>,
        /// Why it takes nothing of ours at all, where that is so. The next create may say the same links then: it was turned away
        /// for who asked, not for what.
        shut: Option<ShutReason>,
    },
    /// The provider refused this one for good: to `failed`.
    Refused(Problem),
    /// It may or may not have been taken: to `unconfirmed`, keeping its slot until the given moment.
    Unknown {
        /// What the owner reads.
        problem: Problem,
        /// When the slot is given back.
        slot_until: Moment,
    },
}

/// A dub that waits to be looked at or fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// The dub.
    pub dub: DubId,
    /// The provider's name of it.
    pub prediction: PredictionId,
    /// How often in a row this did not work.
    pub tries: u32,
    /// Since when the provider has said that there is no such prediction.
    pub missing_since: Option<Moment>,
    /// When it was taken.
    pub started_at: Moment,
    /// Where the result is; only when it is to be fetched.
    pub result_url: Option<String>,
}

/// What a look at a prediction showed.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// Nothing new: look again then.
    Running {
        /// When to look again.
        poll_at: Moment,
        /// How often in a row the look failed.
        tries: u32,
        /// Since when the provider does not know it.
        missing_since: Option<Moment>,
    },
    /// Done, the result is there: to `saving`.
    Done {
        /// Where the result is.
        result_url: String,
        /// What it took.
        metrics: Metrics,
    },
    /// Over: to `failed`.
    Failed {
        /// What the owner reads.
        problem: Problem,
        /// What it took.
        metrics: Metrics,
    },
    /// Cancelled at the provider: to `cancelled`.
    Cancelled,
    /// The provider does not know it and never will: to `unconfirmed`, keeping its slot until the given moment.
    Lost {
        /// What the owner reads.
        problem: Problem,
        /// When the slot is given back.
        slot_until: Moment,
    },
}

/// How the fetching of a result ended.
#[derive(Debug, Clone, PartialEq)]
pub enum SaveEnd {
    /// It is in our own storage, and kept until the given moment: to `succeeded`.
    Saved(SavedResult, Moment),
    /// Not yet: try again then.
    Retry(Moment),
    /// It never will be: to `failed`.
    Failed(Problem),
}

/// A result in our own storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedResult {
    /// Its file name, by which `/media` serves it.
    pub file_name: String,
    /// Its media type.
    pub content_type: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// Its length in milliseconds.
    pub duration_ms: u64,
    /// The picture's width in pixels.
    pub width: u32,
    /// The picture's height in pixels.
    pub height: u32,
}

/// The state of the queue's gate: closed while the provider wants nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// No create before this moment.
    pub closed_until: Moment,
    /// Why, in words for an owner; `None` for a mere rate limit.
    pub problem: Option<Problem>,
    /// Why, where the operator has to put that right.
    pub shut: Option<ShutReason>,
}

/// The durable state of a server. Every method is one transaction.
#[async_trait]
pub trait Store: UploadStore + StagingStore + LifeStore + ChangeStore + BatchStore + HookStore + KeepStore {
    /// Accepts a dub, unless the same request was accepted before or an upload that it names is not there and whole.
    async fn insert_dub(&self, dub: DubToInsert, now: Moment) -> Result<Inserted, StoreError>;
    /// What became of this request if it came before: [`Inserted::Known`] or [`Inserted::Mismatch`].
    async fn repeated(&self, owner: &Owner, request: &Idempotency) -> Result<Option<Inserted>, StoreError>;
    /// One dub of this owner's.
    async fn dub(&self, owner: &Owner, id: &DubId) -> Result<Option<StoredDub>, StoreError>;
    /// This owner's dubs.
    async fn list(&self, owner: &Owner, listing: &Listing) -> Result<Listed, StoreError>;
    /// The stored result of a dub of this owner's.
    async fn result(&self, owner: &Owner, id: &DubId) -> Result<Option<SavedResult>, StoreError>;
    /// Puts an unconfirmed dub back into the queue, for a second create.
    async fn resubmit(&self, owner: &Owner, id: &DubId, now: Moment) -> Result<Resubmitted, StoreError>;

    /// Puts right what a crash left, before anything is sent: each create in flight becomes unknown. Gives their number.
    async fn recover(&self, problem: Problem, slot_until: Moment, now: Moment) -> Result<u64, StoreError>;
    /// Picks the next dub to send and writes the intent, if the limits and the gate allow it.
    async fn claim(&self, limits: ProviderLimits, now: Moment) -> Result<Claim, StoreError>;
    /// As [`claim`](Self::claim), over and over until there is nothing before the moment that it gives too: several slots that
    /// become free at once cost one wait for the disk.
    async fn claim_all(&self, limits: ProviderLimits, now: Moment) -> Result<(Vec<Intent>, Moment), StoreError>;
    /// Books how a create ended.
    async fn end_create(&self, create: CreateId, end: CreateEnd, now: Moment) -> Result<(), StoreError>;
    /// The dubs of `phase` (`processing` or `saving`) whose moment has come, the longest waiting first.
    async fn due(&self, phase: Phase, limit: u32, now: Moment) -> Result<Vec<Due>, StoreError>;
    /// The next moment after `now` at which a dub of `phase` is due.
    async fn next_due(&self, phase: Phase, now: Moment) -> Result<Option<Moment>, StoreError>;
    /// Books what a look at a processing dub showed. Changes nothing when the dub is no longer processing.
    async fn book_seen(&self, id: &DubId, seen: Seen, now: Moment) -> Result<(), StoreError>;
    /// Books how a saving dub's fetch ended. Changes nothing when the dub is no longer saving.
    async fn book_save(&self, id: &DubId, end: SaveEnd, now: Moment) -> Result<(), StoreError>;
    /// The gate of the queue.
    async fn gate(&self) -> Result<Gate, StoreError>;
    /// What is known of the newest dubs of this resolution that succeeded, newest first.
    async fn history(&self, resolution: contract::Resolution, limit: u32) -> Result<Vec<PastDub>, StoreError>;
    /// Answers when the store works.
    async fn ping(&self) -> Result<(), StoreError>;
}
