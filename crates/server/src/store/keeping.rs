//! What the store knows of how long results are kept, and of files and rows that have lost each other.

use async_trait::async_trait;
use contract::{DubId, Problem};

use super::{StoreError, UploadId};
use crate::clock::Moment;

/// A result whose time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiredResult {
    /// The dub it is of.
    pub dub: DubId,
    /// Until when its owner was told that it is kept.
    pub expires_at: Moment,
}

/// A result that its owner was promised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptResult {
    /// The dub it is of.
    pub dub: DubId,
    /// Its file name.
    pub file_name: String,
    /// Whether its file was missing when that was last looked at.
    pub is_lost: bool,
}

/// A whole upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptUpload {
    /// Which.
    pub id: UploadId,
    /// Under which key its bytes are stored.
    pub storage_key: String,
}

/// A file of the storage, by what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KeptFile {
    /// A dub's result.
    Result {
        /// The dub.
        dub: DubId,
        /// The file's name.
        file_name: String,
    },
    /// An upload's bytes, under this key.
    Upload(String),
    /// A copy for the provider, under this key.
    Staged(String),
}

/// The durable state of what is kept. Every method is one transaction.
#[async_trait]
pub trait KeepStore: Send + Sync + 'static {
    /// Promises those results to their owners until then of which nothing was told: earlier servers told nothing.
    async fn promise_results(&self, until: Moment) -> Result<(), StoreError>;
    /// Results whose time is over, the longest ago first.
    async fn expired_results(&self, limit: u32, now: Moment) -> Result<Vec<ExpiredResult>, StoreError>;
    /// The next moment after `now` at which the time of one is over.
    async fn next_expiry(&self, now: Moment) -> Result<Option<Moment>, StoreError>;
    /// Takes a result from its dub, if its time is over, and notes that its file is to be removed: the owner is told `problem`
    /// before the file goes. Whether it was so.
    async fn expire_result(&self, id: &DubId, problem: Problem, now: Moment) -> Result<bool, StoreError>;

    /// Promised results in the order of their dubs' ids, from behind `after`.
    async fn kept_results(&self, after: Option<&DubId>, limit: u32) -> Result<Vec<KeptResult>, StoreError>;
    /// Books that the file of a promised result is missing: the owner is told `problem`. Whether that is news.
    async fn lose_result(&self, id: &DubId, problem: Problem, now: Moment) -> Result<bool, StoreError>;
    /// Books that the file of a lost result is there again. Whether that is news.
    async fn find_result(&self, id: &DubId, now: Moment) -> Result<bool, StoreError>;
    /// Whole uploads that are somebody's, in the order of their ids, from behind `after`.
    async fn kept_uploads(&self, after: Option<&UploadId>, limit: u32) -> Result<Vec<KeptUpload>, StoreError>;
    /// Those of these files that nothing here knows: they belong to no dub and no upload, are not on their way and not about to
    /// be removed.
    async fn unknown_files(&self, files: Vec<KeptFile>) -> Result<Vec<KeptFile>, StoreError>;
    /// What tells this store from all others.
    async fn name(&self) -> Result<String, StoreError>;
}
