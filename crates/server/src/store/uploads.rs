//! What the store knows of uploads: whose each is, how long it will be and what it turned out to be. How much of one has
//! arrived, its file tells.

use std::time::Duration;

use async_trait::async_trait;
use contract::{UploadKind, UploadLimits};

use super::{Owner, StoreError};
use crate::clock::Moment;

/// For how long an unconfirmed dub needs its uploads: its owner may send it again, or never come back.
pub const KEPT_UNCONFIRMED: Duration = Duration::from_hours(7 * 24);

/// An upload's id: opaque, and too long to be guessed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UploadId(pub String);

impl std::fmt::Display for UploadId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// An upload, arriving or whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Whose it is.
    pub owner: Owner,
    /// What its owner said it is for.
    pub declared_kind: Option<UploadKind>,
    /// What its owner said of it, as it was sent.
    pub metadata: Option<String>,
    /// Its name on its owner's disk, cleaned; for people, never a path.
    pub file_name: String,
    /// How long it is once it is whole, in bytes.
    pub length_bytes: u64,
    /// When it is removed, unless a dub needs it then.
    pub expires_at: Moment,
    /// What it turned out to be; `None` until it is whole and was found to be in order.
    pub content: Option<UploadContent>,
}

/// What a whole upload turned out to be, by its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadContent {
    /// What it can be used for.
    pub kind: UploadKind,
    /// The extension of its type, without a dot: `mp4`.
    pub extension: String,
    /// Its media type.
    pub content_type: String,
    /// Under which key its bytes are stored.
    pub storage_key: String,
    /// How long a voice is, in milliseconds, where its file says so.
    pub duration_ms: Option<u64>,
}

/// A whole upload that was found to be in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredUpload {
    /// Its id.
    pub id: UploadId,
    /// Whose it is.
    pub owner: Owner,
    /// What it can be used for.
    pub kind: UploadKind,
    /// Its name on its owner's disk, cleaned; for people, never a path.
    pub file_name: String,
    /// The extension of its type, without a dot: `mp4`.
    pub extension: String,
    /// Its media type.
    pub content_type: String,
    /// Its size in bytes.
    pub size_bytes: u64,
    /// Under which key its bytes are stored.
    pub storage_key: String,
}

impl Upload {
    /// It as a stored one, if it is whole.
    pub fn into_stored(self) -> Option<StoredUpload> {
        let UploadContent { kind, extension, content_type, storage_key, .. } = self.content?;
        Some(StoredUpload {
            id: self.id,
            owner: self.owner,
            kind,
            file_name: self.file_name,
            extension,
            content_type,
            size_bytes: self.length_bytes,
            storage_key,
        })
    }
}

/// What became of an upload's beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It may arrive.
    New,
    /// Its owner has too many files or bytes here; the first of them goes at the given moment.
    QuotaUsedUp(Moment),
}

/// What became of taking an upload from its owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disowned {
    /// It is nobody's; this is the key of its bytes, if they were stored or about to be.
    Done(Option<String>),
    /// A dub needs it.
    InUse,
    /// There was none that could be taken.
    NotFound,
}

/// The durable state of uploads. Every method is one transaction.
#[async_trait]
pub trait UploadStore: Send + Sync + 'static {
    /// Writes an upload down before its first byte, unless its owner's quota is used up. It must have no content.
    async fn begin_upload(&self, upload: Upload, quota: UploadLimits, now: Moment) -> Result<Begun, StoreError>;
    /// One upload of this owner's.
    async fn upload(&self, owner: &Owner, id: &UploadId) -> Result<Option<Upload>, StoreError>;
    /// A whole upload, whoever's it is; `None` also for one that is still arriving.
    async fn stored_upload(&self, id: &UploadId) -> Result<Option<StoredUpload>, StoreError>;
    /// Writes down under which key an upload's bytes are about to be stored.
    async fn announce_key(&self, id: &UploadId, key: &str) -> Result<(), StoreError>;
    /// Makes an upload a whole one, which is kept for so long from `now` on, and from each dub that is asked for with it. False
    /// when it is gone, or whole already.
    async fn finish_upload(
        &self,
        id: &UploadId,
        content: UploadContent,
        kept: Duration,
        now: Moment,
    ) -> Result<bool, StoreError>;
    /// Takes an upload from its owner, unless a dub needs it: it is over at once, whatever its time. A dub needs its
    /// uploads until it is final, or has been unconfirmed for as long as [`KEPT_UNCONFIRMED`].
    async fn disown_upload(&self, id: &UploadId, now: Moment) -> Result<Disowned, StoreError>;
    /// As [`disown_upload`](Self::disown_upload), if its time is over, or it is nobody's already.
    async fn expire_upload(&self, id: &UploadId, now: Moment) -> Result<Disowned, StoreError>;
    /// Forgets an upload that is nobody's, once its bytes are gone.
    async fn forget_upload(&self, id: &UploadId) -> Result<(), StoreError>;
    /// Uploads whose time is over, or that are nobody's, and that no dub needs, in the order of their ids and from behind
    /// `after`: one that stays is passed by.
    async fn expired_uploads(
        &self,
        after: Option<&UploadId>,
        limit: u32,
        now: Moment,
    ) -> Result<Vec<UploadId>, StoreError>;
    /// Every upload that is not whole: what on disk belongs to none of them is a leftover.
    async fn arriving_uploads(&self) -> Result<Vec<UploadId>, StoreError>;
}
