//! What the store knows of staging: which dubs wait for their files to be put where the provider can fetch them, where
//! these lie, and which are to be removed again.

use std::time::Duration;

use async_trait::async_trait;
use contract::{DubId, Field, Problem};

use super::{ProviderLimits, ShutReason, StoreError, UploadId};
use crate::clock::Moment;

/// How long a link must still work when it is sent: the provider fetches it when it gets to it.
pub const LINK_SPARE: Duration = Duration::from_hours(12);

/// A staged file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct StagedId(pub i64);

/// A dub with files that are not staged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToStage {
    /// The dub.
    pub dub: DubId,
    /// The batch it is of.
    pub batch: Option<String>,
    /// Its files that are missing, and the inputs that they are for.
    pub missing: Vec<(Field, UploadId)>,
    /// How often in a row this did not work.
    pub tries: u32,
}

/// Where a staged file lies, with its name there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StagedPlace {
    /// With the provider, under its id.
    Provider(String),
    /// Here, behind a token that opens this file alone.
    Public(String),
    /// In our own bucket, under its key.
    Bucket(String),
}

/// A file that is about to be staged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStaged {
    /// The dub it is for.
    pub dub: DubId,
    /// The input it is for.
    pub field: Field,
    /// What it is made from.
    pub upload: UploadId,
    /// Where it will lie.
    pub place: StagedPlace,
    /// The link that the provider will be told.
    pub link: String,
    /// Until when the link works.
    pub until: Moment,
}

/// How the staging of a dub's files ended.
#[derive(Debug, Clone, PartialEq)]
pub enum StagingEnd {
    /// All are there: the dub may be sent, unless one was given up meanwhile.
    Done,
    /// Not yet: try again.
    Retry {
        /// When.
        at: Moment,
        /// What the owner reads meanwhile.
        problem: Problem,
        /// Why the provider takes nothing from us, where that is so: the gate is closed until then.
        shut: Option<ShutReason>,
    },
    /// They never will be: to `failed`.
    Failed(Problem),
}

/// A staged file that nobody needs any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedOver {
    /// Which.
    pub id: StagedId,
    /// The dub it was for.
    pub dub: DubId,
    /// Where it lies.
    pub place: StagedPlace,
    /// Until when its link works.
    pub until: Moment,
    /// How often in a row it could not be removed.
    pub tries: u32,
}

/// The durable state of staging. Every method is one transaction.
#[async_trait]
pub trait StagingStore: Send + Sync + 'static {
    /// Moves queued dubs with files into `staging`, in the queue's order: as many as there are free slots, and `ahead`
    /// more. None while the gate is closed, and one at a time until a create is answered after that. Links that have
    /// grown old are given up.
    async fn begin_staging(&self, limits: ProviderLimits, ahead: u32, now: Moment) -> Result<(), StoreError>;
    /// The dubs whose files are to be staged now, those first that stand first in the queue. None while the gate
    /// is closed because the provider takes nothing from us, and one at a time until a create is answered after that.
    async fn to_stage(&self, limit: u32, now: Moment) -> Result<Vec<ToStage>, StoreError>;
    /// The next moment after `now` at which there is something to stage.
    async fn next_to_stage(&self, now: Moment) -> Result<Option<Moment>, StoreError>;
    /// Writes a file down before its first byte is sent.
    async fn add_staged(&self, file: NewStaged, now: Moment) -> Result<StagedId, StoreError>;
    /// Gives a dub of a batch what another of the batch has with the provider of the same upload; whether there is
    /// anything that the dub has not had before.
    async fn share_staged(&self, dub: &DubId, field: Field, upload: &UploadId, now: Moment)
    -> Result<bool, StoreError>;
    /// Books that a file is there, whole.
    async fn book_staged(&self, id: StagedId) -> Result<(), StoreError>;
    /// Books how the staging of a dub ended, and closes the gate where the provider takes nothing from us. The dub is not
    /// changed when it is no longer staging.
    async fn end_staging(&self, id: &DubId, end: StagingEnd, now: Moment) -> Result<(), StoreError>;
    /// The upload behind a token of [`StagedPlace::Public`], while its dub needs it.
    async fn staged_upload(&self, token: &str, now: Moment) -> Result<Option<UploadId>, StoreError>;
    /// Files that are to be removed now, the longest waiting first: their create was turned away or never sent, their dub
    /// is final, or their link is past its time. None that is still on its way, or that a dub of the same batch needs; what
    /// several share, once.
    async fn staged_over(&self, limit: u32, now: Moment) -> Result<Vec<StagedOver>, StoreError>;
    /// The next moment after `now` at which one is to be removed.
    async fn next_staged_over(&self, now: Moment) -> Result<Option<Moment>, StoreError>;
    /// Books that a file is gone, for all who shared it.
    async fn forget_staged(&self, id: StagedId) -> Result<(), StoreError>;
    /// Books that a file could not be removed, and when to try again.
    async fn keep_staged(&self, id: StagedId, retry_at: Moment) -> Result<(), StoreError>;
}
