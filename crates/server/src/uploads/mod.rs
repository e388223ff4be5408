//! Files from visitors: how they arrive, what is found in them, how long they stay.
//!
//! What has arrived of an upload is the length of its file, and nothing else says so: after a cut or a crash that is what
//! is there. Whose it is, and how long it will be, is in the [store](crate::store). How the requests look is up to
//! [`routes::uploads`](crate::routes::uploads).

mod arrive;
mod copy;
mod crowd;
mod error;
mod files;
mod keep;
mod look;
mod name;
mod settings;
mod sniff;
mod writers;

use std::{collections::HashSet, io, path::Path, sync::Arc};

pub use arrive::SentBody;
use contract::{UploadKind, UploadLimits};
use crowd::Crowd;
pub use error::UploadError;
use files::Files;
pub use keep::run as expire_in_time;
pub use settings::Settings;
use tokio::{sync::Semaphore, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use writers::{Turn, Writers};

use crate::{
    clock::Moment,
    fail_points::fail_point,
    ids,
    storage::Storage,
    store::{Begun, Disowned, Owner, Store, Upload, UploadId},
};

/// How many files are looked into at once: each look takes some memory.
const LOOKS_AT_ONCE: usize = 2;

/// How many files are put into the storage at once: where that is a bucket, each takes some memory, and some time.
const KEEPS_AT_ONCE: usize = 2;

/// What a visitor wants to upload.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// How long it is, in bytes.
    pub length_bytes: u64,
    /// What it is for.
    pub kind: Option<UploadKind>,
    /// Its name on the visitor's disk.
    pub file_name: Option<String>,
    /// Everything the visitor said of it, as it was sent.
    pub metadata: Option<String>,
}

/// How far an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The upload.
    pub upload: Upload,
    /// How many of its bytes are here.
    pub offset: u64,
}

impl Progress {
    /// Whether its bytes are all here, and nobody has looked what they are.
    fn is_unlooked(&self) -> bool {
        self.upload.content.is_none() && self.offset == self.upload.length_bytes
    }
}

/// All uploads of a server.
pub struct Uploads {
    store: Arc<dyn Store>,
    files: Files,
    settings: Settings,
    writers: Writers,
    crowd: Crowd,
    looks: Semaphore,
    keeps: Semaphore,
    /// Writing goes on when the request that brought the bytes is given up: these tasks put away what came.
    tasks: TaskTracker,
    stopping: CancellationToken,
}

impl Uploads {
    /// Opens the folder in `data` where uploads arrive; what in it belongs to none is removed.
    ///
    /// # Errors
    /// When the store or the folder cannot be read.
    pub async fn open(
        store: Arc<dyn Store>,
        storage: Storage,
        data: &Path,
        settings: Settings,
        stopping: CancellationToken,
    ) -> Result<Arc<Self>, UploadError> {
        let files = Files::open(data, storage)?;
        let known = store.arriving_uploads().await?;
        let removed = files.sweep(&known.iter().map(|id| id.0.as_str()).collect::<HashSet<_>>()).await?;
        if removed > 0 {
            tracing::info!(files = removed, "files of uploads that are no more were removed");
        }
        Ok(Arc::new(Self {
            store,
            files,
            settings,
            writers: Writers::default(),
            crowd: Crowd::default(),
            looks: Semaphore::new(LOOKS_AT_ONCE),
            keeps: Semaphore::new(KEEPS_AT_ONCE),
            tasks: TaskTracker::new(),
            stopping,
        }))
    }

    /// What a visitor may upload.
    pub fn limits(&self) -> UploadLimits {
        self.settings.limits
    }

    /// Writes an upload down, before its first byte.
    ///
    /// # Errors
    /// When it could never become whole: it is empty, too large, over the quota, or the disk has no room for it.
    pub async fn begin(&self, owner: Owner, wish: Wish, now: Moment) -> Result<Upload, UploadError> {
        let Wish { length_bytes, kind, file_name, metadata } = wish;
        let limits = self.settings.limits;
        match length_bytes {
            0 => return Err(UploadError::Empty),
            length if length > limits.max_bytes => return Err(UploadError::TooLarge(limits.max_bytes)),
            length if !self.has_room(length)? => return Err(io::Error::from(io::ErrorKind::StorageFull).into()),
            _ => {}
        }
        let upload = Upload {
            id: UploadId(ids::random_id()),
            owner,
            declared_kind: kind,
            metadata,
            file_name: name::clean(&file_name.unwrap_or_default()),
            length_bytes,
            expires_at: now + self.settings.keep_arriving,
            content: None,
        };
        match self.store.begin_upload(upload.clone(), limits, now).await? {
            Begun::New => Ok(upload),
            Begun::QuotaUsedUp(until) => Err(UploadError::QuotaUsedUp(until)),
        }
    }

    /// How far an upload of this owner's is. One whose bytes are all here is not told to be whole before it was looked
    /// into: who looks is waited for, and where a crash kept it from becoming whole, it becomes it now.
    ///
    /// # Errors
    /// Not found; what is wrong with it, if that is only found now; or that this takes too long to wait for.
    pub async fn progress(
        self: &Arc<Self>,
        owner: &Owner,
        id: &UploadId,
        now: Moment,
    ) -> Result<Progress, UploadError> {
        let progress = self.find(owner, id).await?;
        if !progress.is_unlooked() {
            return Ok(progress);
        }
        let looked = async {
            let turn = self.writers.wait(id).await;
            // It goes on when whoever asks hangs up.
            let (uploads, owner, id) = (self.clone(), owner.clone(), id.clone());
            let looking = self.tasks.spawn(async move { uploads.make_whole(&owner, &id, &turn, now).await });
            looking.await.map_err(|error| UploadError::Disk(io::Error::other(error)))?
        };
        timeout(self.settings.look_patience, looked).await.unwrap_or(Err(UploadError::Looking))
    }

    async fn make_whole(
        &self,
        owner: &Owner,
        id: &UploadId,
        turn: &Turn,
        now: Moment,
    ) -> Result<Progress, UploadError> {
        let progress = self.find(owner, id).await?;
        // Whoever had the turn before may have looked.
        if !progress.is_unlooked() {
            return Ok(progress);
        }
        let Progress { upload, offset } = progress;
        Ok(Progress { upload: self.complete(upload, turn, now).await?, offset })
    }

    async fn find(&self, owner: &Owner, id: &UploadId) -> Result<Progress, UploadError> {
        let upload = self.store.upload(owner, id).await?.ok_or(UploadError::NotFound)?;
        let offset = match upload.content {
            Some(_) => upload.length_bytes,
            None => self.files.length(id).await?.min(upload.length_bytes),
        };
        Ok(Progress { upload, offset })
    }

    /// Removes an upload of this owner's and all that came of it.
    ///
    /// # Errors
    /// Not found, or needed by a dub.
    pub async fn remove(&self, owner: &Owner, id: &UploadId, now: Moment) -> Result<(), UploadError> {
        self.store.upload(owner, id).await?.ok_or(UploadError::NotFound)?;
        let _turn = self.writers.take(id).await.ok_or(UploadError::Busy)?;
        self.forget(id, now).await
    }

    /// Takes an upload from its owner and removes it.
    async fn forget(&self, id: &UploadId, now: Moment) -> Result<(), UploadError> {
        let disowned = self.store.disown_upload(id, now).await?;
        self.clear(id, disowned).await
    }

    /// Removes the bytes of an upload that was taken from its owner, then its row: whatever fails or crashes in between,
    /// the row is over and all of it is tried again.
    async fn clear(&self, id: &UploadId, disowned: Disowned) -> Result<(), UploadError> {
        match disowned {
            Disowned::NotFound => Err(UploadError::NotFound),
            Disowned::InUse => Err(UploadError::InUse),
            Disowned::Done(key) => {
                self.files.forget_arriving(id).await;
                if let Some(key) = key {
                    self.files.forget_whole(&key).await?;
                }
                fail_point!(R4);
                Ok(self.store.forget_upload(id).await?)
            }
        }
    }

    /// Whether the disk has room for so many bytes more, and for what others need.
    fn has_room(&self, bytes: u64) -> io::Result<bool> {
        Ok(self.files.free_bytes()? >= bytes.saturating_add(self.settings.reserve_bytes))
    }

    /// Waits until what came is put away, after the server was told to stop.
    pub async fn finished(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

#[cfg(test)]
mod tests;
