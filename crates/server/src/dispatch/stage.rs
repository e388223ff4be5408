//! Staging: a dub's files are put where the provider can fetch them, each under a link of its own for each create.
//!
//! What is put somewhere is written down before its first byte, so that whatever happens it is removed again. What the dubs
//! of a batch are made from is put at the provider once, and told by each of them.

mod sharing;

use std::sync::Arc;

use async_trait::async_trait;
use contract::{DubId, Field, routes};
use sharing::Sharing;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    Parts, Settings, Waker,
    decide::{Roll, staging_end},
    due_loop::{self, Source},
};
use crate::{
    clock::Moment,
    ids,
    provider::{FILE_MAX_BYTES, FileError},
    storage::StorageError,
    store::{
        NewStaged, ShutReason, StagedId, StagedPlace, StagingEnd, Store, StoreError, StoredUpload, ToStage, UploadId,
    },
};

/// What a token in a link of ours begins with, which tells it from an id of a visitor's.
pub const TOKEN_PREFIX: &str = "staged-";

/// How the provider gets at files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StagingWay {
    /// They are sent to its own storage.
    Provider,
    /// It fetches them here, under this public address.
    Public(Url),
    /// It fetches them from our bucket.
    Bucket,
}

/// Why a file is not staged.
#[derive(Debug, thiserror::Error)]
pub(super) enum StageError {
    /// The upload is no longer there.
    #[error("the upload is gone")]
    Gone,
    /// Our store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// Our storage failed.
    #[error("the storage failed")]
    Storage(#[source] StorageError),
    /// The provider did not take it.
    #[error(transparent)]
    File(#[from] FileError),
}

impl StageError {
    /// Why the provider takes nothing from us, where that is the reason.
    pub(super) fn shut(&self) -> Option<ShutReason> {
        if let Self::File(FileError::Shut(reason)) = self { Some(*reason) } else { None }
    }
}

impl From<StorageError> for StageError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound => Self::Gone,
            error => Self::Storage(error),
        }
    }
}

/// The dubs with files, in the queue's order.
struct Waiting<'a> {
    store: &'a dyn Store,
    settings: &'a Settings,
}

#[async_trait]
impl Source for Waiting<'_> {
    type Work = ToStage;
    type Key = DubId;
    const AT_ONCE: usize = 4;

    fn name(&self) -> &'static str {
        "staging"
    }

    fn key(work: &ToStage) -> DubId {
        work.dub.clone()
    }

    fn dub(work: &ToStage) -> &DubId {
        &work.dub
    }

    async fn due(&self, limit: u32, now: Moment) -> Result<Vec<ToStage>, StoreError> {
        self.store.begin_staging(self.settings.limits, self.settings.stage_ahead, now).await?;
        self.store.to_stage(limit, now).await
    }

    async fn next_due(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        let opens = Some(self.store.gate().await?.closed_until).filter(|opens| *opens > now);
        Ok(self.store.next_to_stage(now).await?.into_iter().chain(opens).min())
    }
}

pub(super) async fn run(parts: Parts, waker: Waker, shutdown: CancellationToken) {
    let (store, settings, wake) = (parts.store.clone(), parts.settings, waker.stage.clone());
    let source = Waiting { store: store.as_ref(), settings: &settings };
    let sharing = Arc::new(Sharing::default());
    let handle = |work| stage(parts.clone(), waker.clone(), sharing.clone(), work);
    due_loop::run(source, &wake, shutdown, handle).await;
}

/// Stages what is missing of one dub, file after file, and books how it ended.
async fn stage(parts: Parts, waker: Waker, sharing: Arc<Sharing>, work: ToStage) -> Result<(), StoreError> {
    let ToStage { dub, batch, missing, tries } = work;
    let mut end = StagingEnd::Done;
    for (field, upload) in missing {
        let staged = match (&batch, &parts.staging) {
            (Some(batch), StagingWay::Provider) => {
                share_file(&parts, &sharing, batch.clone(), &dub, field, upload).await
            }
            // A link of our own costs nothing, and a bucket copies within itself.
            _ => stage_file(&parts, &dub, field, upload).await,
        };
        if let Err(error) = staged {
            log_error(&dub, &error);
            end = staging_end(&error, field, tries, &parts.settings, Moment::now(), Roll::draw());
            break;
        }
    }
    let step = match &end {
        StagingEnd::Done => "staged",
        StagingEnd::Retry { .. } => "staging again",
        StagingEnd::Failed(_) => "failed",
    };
    let shut = if let StagingEnd::Retry { shut, .. } = &end { *shut } else { None };
    parts.store.end_staging(&dub, end, Moment::now()).await?;
    if let Some(reason) = shut {
        parts.breaker.shut(reason).await;
    }
    tracing::info!(%dub, step, "dub");
    waker.wake();
    waker.unstage.notify_one();
    Ok(())
}

fn log_error(dub: &DubId, error: &StageError) {
    let cause = error as &dyn std::error::Error;
    // The operator hears of it once, from the breaker.
    if error.shut().is_some() {
        tracing::info!(%dub, error = cause, step = "turned away", "dub");
    } else {
        tracing::warn!(%dub, error = cause, "a file could not be staged");
    }
}

/// Takes what another dub of the batch has put at the provider, or puts it there for all.
async fn share_file(
    parts: &Parts,
    sharing: &Sharing,
    batch: String,
    dub: &DubId,
    field: Field,
    id: UploadId,
) -> Result<(), StageError> {
    let _turn = sharing.turn(batch, id.clone()).await;
    if parts.store.share_staged(dub, field, &id, Moment::now()).await? {
        return Ok(());
    }
    stage_file(parts, dub, field, id).await
}

async fn stage_file(parts: &Parts, dub: &DubId, field: Field, id: UploadId) -> Result<(), StageError> {
    let upload = parts.store.stored_upload(&id).await?.ok_or(StageError::Gone)?;
    let staged = match &parts.staging {
        StagingWay::Provider => send(parts, dub, field, &upload).await?,
        StagingWay::Public(base) => offer(parts, dub, field, &upload, base).await?,
        StagingWay::Bucket => copy(parts, dub, field, &upload).await?,
    };
    Ok(parts.store.book_staged(staged).await?)
}

/// Sends a file to the provider's storage.
async fn send(parts: &Parts, dub: &DubId, field: Field, upload: &StoredUpload) -> Result<StagedId, StageError> {
    if upload.size_bytes > FILE_MAX_BYTES {
        return Err(FileError::TooLarge.into());
    }
    let file = parts.storage.read(&upload.storage_key, None).await?;
    let place = parts.provider.presign(&upload.content_type, parts.settings.link_life).await?;
    let at = StagedPlace::Provider(place.id.clone());
    let id = write_down(parts, dub, field, upload, at, place.link.clone()).await?;
    parts.provider.put(&place, &upload.content_type, file).await?;
    Ok(id)
}

/// Makes a link to a file here.
async fn offer(
    parts: &Parts,
    dub: &DubId,
    field: Field,
    upload: &StoredUpload,
    base: &Url,
) -> Result<StagedId, StageError> {
    parts.storage.size(&upload.storage_key).await?;
    let token = format!("{TOKEN_PREFIX}{}", ids::random_id());
    let name = format!("{}.{}", field.as_str(), upload.extension);
    let link = format!("{}{}", base.as_str().trim_end_matches('/'), routes::media(&token, &name));
    write_down(parts, dub, field, upload, StagedPlace::Public(token), link).await
}

/// Copies a file within our bucket, so that its link is its own and ends with it.
async fn copy(parts: &Parts, dub: &DubId, field: Field, upload: &StoredUpload) -> Result<StagedId, StageError> {
    let key = format!("staged/{}.{}", ids::random_id(), upload.extension);
    let link = parts.storage.link(&key, parts.settings.link_life).await?;
    let id = write_down(parts, dub, field, upload, StagedPlace::Bucket(key.clone()), link.into()).await?;
    parts.storage.copy(&upload.storage_key, &key).await?;
    Ok(id)
}

async fn write_down(
    parts: &Parts,
    dub: &DubId,
    field: Field,
    upload: &StoredUpload,
    place: StagedPlace,
    link: String,
) -> Result<StagedId, StageError> {
    let now = Moment::now();
    let until = now + parts.settings.link_life;
    let file = NewStaged { dub: dub.clone(), field, upload: upload.id.clone(), place, link, until };
    Ok(parts.store.add_staged(file, now).await?)
}
