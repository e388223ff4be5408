//! How the bytes of an upload arrive, and what happens once they are all here.

use std::{sync::Arc, time::Duration};

use axum::body::{Body, BodyDataStream};
use futures_util::StreamExt as _;
use tokio::{
    io::AsyncWriteExt as _,
    time::{Instant, timeout},
};

use super::{
    Progress, UploadError, Uploads,
    copy::{Head, Rules, copy},
    look::look,
    sniff::HEAD_BYTES,
    writers::Turn,
};
use crate::{
    clock::Moment,
    store::{Owner, Upload, UploadContent, UploadId},
};

/// How long a refused client may go on sending before it is hung up on: who is, does not read why.
const LINGER: Duration = Duration::from_secs(10);

/// A request's body.
#[derive(Debug)]
pub struct SentBody {
    /// How many bytes it has, where that was said.
    pub bytes: Option<u64>,
    /// The bytes.
    pub body: Body,
}

impl Uploads {
    /// Takes the bytes of `body` as those from `offset` on.
    ///
    /// What came is kept, whether or not the caller waits for the end.
    ///
    /// # Errors
    /// Why it did not go on. What is refused for good is not kept.
    pub async fn append(
        self: &Arc<Self>,
        owner: Owner,
        id: UploadId,
        offset: u64,
        body: SentBody,
        now: Moment,
    ) -> Result<Progress, UploadError> {
        let uploads = self.clone();
        let arriving = self.tasks.spawn(async move {
            let SentBody { bytes: body_bytes, body } = body;
            let mut stream = body.into_data_stream();
            let appended = uploads.append_from(&owner, &id, offset, (body_bytes, &mut stream), now).await;
            if appended.is_err() {
                uploads.tasks.spawn(linger(stream, uploads.stopping.clone().cancelled_owned()));
            }
            appended
        });
        arriving.await.map_err(|error| UploadError::Disk(std::io::Error::other(error)))?
    }

    async fn append_from(
        &self,
        owner: &Owner,
        id: &UploadId,
        offset: u64,
        (body_bytes, body): (Option<u64>, &mut BodyDataStream),
        now: Moment,
    ) -> Result<Progress, UploadError> {
        let started = Instant::now();
        // Before anybody is sent away for it.
        self.find_at(owner, id, offset).await?;
        let turn = self.writers.take(id).await.ok_or(UploadError::Busy)?;
        let upload = self.find_at(owner, id, offset).await?;
        if upload.content.is_some() {
            return Ok(Progress { upload, offset });
        }
        let appended = match body_bytes {
            Some(bytes) if bytes > upload.length_bytes - offset => Err(UploadError::Overrun),
            _ => self.write(&upload, offset, body, &turn, now).await,
        };
        if is_final(&appended) {
            self.forget(id, now).await?;
        }
        appended?;
        let offset = self.files.length(id).await?.min(upload.length_bytes);
        // The bytes may have taken long to come.
        let now = now + started.elapsed();
        let upload = if offset == upload.length_bytes { self.complete(upload, &turn, now).await? } else { upload };
        Ok(Progress { upload, offset })
    }

    /// An upload that goes on at `offset`, or is whole and ends there.
    async fn find_at(&self, owner: &Owner, id: &UploadId, offset: u64) -> Result<Upload, UploadError> {
        let found = self.find(owner, id).await?;
        if found.offset == offset { Ok(found.upload) } else { Err(UploadError::WrongOffset) }
    }

    async fn write(
        &self,
        upload: &Upload,
        offset: u64,
        body: &mut BodyDataStream,
        turn: &Turn,
        now: Moment,
    ) -> Result<(), UploadError> {
        let _room = self.crowd.enter(&upload.owner).ok_or(UploadError::Crowded)?;
        let (mut file, head) = self.files.open_at(&upload.id, offset, HEAD_BYTES).await?;
        let rules = Rules {
            left: upload.length_bytes - offset,
            stall: self.settings.stall,
            expires: Instant::now() + upload.expires_at.after(now),
            is_over: &turn.is_over,
            stopping: &self.stopping,
            has_room: || self.has_room(0),
        };
        let mut head = Head::new(head, upload.length_bytes, upload.declared_kind);
        let copied = copy(body, &mut file, &mut head, rules).await;
        // What came has to be there after a crash too, however the request ended.
        let flushed = file.flush().await;
        let synced = file.sync_data().await;
        copied?;
        flushed?;
        Ok(synced?)
    }

    /// Looks into an upload whose bytes are all here, and books it as whole, or forgets it.
    pub(super) async fn complete(&self, upload: Upload, _turn: &Turn, now: Moment) -> Result<Upload, UploadError> {
        let (path, limits) = (self.files.arriving(&upload.id), self.settings.limits);
        let looked = {
            let _permit = self.looks.acquire().await;
            look(path, upload.declared_kind, limits.max_mask_pixels).await.map_err(UploadError::from)
        };
        if is_final(&looked) {
            self.forget(&upload.id, now).await?;
        }
        let found = looked?;
        let content = UploadContent {
            kind: found.kind,
            extension: found.extension.into(),
            content_type: found.content_type.into(),
            storage_key: format!("uploads/{}.{}", upload.id, found.extension),
            duration_ms: found.duration_ms,
        };
        let _permit = self.keeps.acquire().await;
        // Before there is anything under it: what a crash leaves there is removed with the upload.
        self.store.announce_key(&upload.id, &content.storage_key).await?;
        self.files.keep(&upload.id, &content.storage_key).await?;
        let kept = self.settings.keep_unused;
        if !self.store.finish_upload(&upload.id, content.clone(), kept, now).await? {
            return Err(UploadError::NotFound);
        }
        self.files.forget_arriving(&upload.id).await;
        tracing::info!(upload = %upload.id, kind = content.kind.as_str(), bytes = upload.length_bytes, "uploaded");
        Ok(Upload { content: Some(content), expires_at: now + kept, ..upload })
    }
}

/// Whether nothing will ever become of it.
fn is_final<T>(outcome: &Result<T, UploadError>) -> bool {
    use UploadError::{NotTaken, Overrun, Unusable};
    matches!(outcome, Err(Overrun | NotTaken(_) | Unusable(_)))
}

/// Lets a refused client send its body to the end, within bounds, so that it can read the answer.
async fn linger(mut body: BodyDataStream, stopping: impl Future<Output = ()>) {
    let drained = async { while body.next().await.is_some_and(|bytes| bytes.is_ok()) {} };
    tokio::select! {
        _ = timeout(LINGER, drained) => {}
        () = stopping => {}
    }
}
