//! [`UploadStore`] over SQLite: each method is one transaction around what [`uploads`] says in SQL.

use std::time::Duration;

use async_trait::async_trait;
use contract::UploadLimits;

use super::{SqliteStore, uploads};
use crate::{
    clock::Moment,
    store::{Begun, Disowned, Owner, StoreError, StoredUpload, Upload, UploadContent, UploadId, UploadStore},
};

#[async_trait]
impl UploadStore for SqliteStore {
    async fn begin_upload(&self, upload: Upload, quota: UploadLimits, now: Moment) -> Result<Begun, StoreError> {
        let mut tx = self.write().await?;
        let begun = uploads::begin(&mut tx, upload, quota, now).await?;
        tx.commit().await?;
        Ok(begun)
    }

    async fn upload(&self, owner: &Owner, id: &UploadId) -> Result<Option<Upload>, StoreError> {
        uploads::find(&mut *self.readers.acquire().await?, owner, id).await
    }

    async fn stored_upload(&self, id: &UploadId) -> Result<Option<StoredUpload>, StoreError> {
        Ok(uploads::any(&mut *self.readers.acquire().await?, id).await?.and_then(Upload::into_stored))
    }

    async fn announce_key(&self, id: &UploadId, key: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        uploads::announce_key(&mut tx, id, key).await?;
        Ok(tx.commit().await?)
    }

    async fn finish_upload(
        &self,
        id: &UploadId,
        content: UploadContent,
        kept: Duration,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let is_finished = uploads::finish(&mut tx, id, content, kept, now).await?;
        tx.commit().await?;
        Ok(is_finished)
    }

    async fn disown_upload(&self, id: &UploadId, now: Moment) -> Result<Disowned, StoreError> {
        let mut tx = self.write().await?;
        let disowned = uploads::disown(&mut tx, id, false, now).await?;
        tx.commit().await?;
        Ok(disowned)
    }

    async fn expire_upload(&self, id: &UploadId, now: Moment) -> Result<Disowned, StoreError> {
        let mut tx = self.write().await?;
        let disowned = uploads::disown(&mut tx, id, true, now).await?;
        tx.commit().await?;
        Ok(disowned)
    }

    async fn forget_upload(&self, id: &UploadId) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        uploads::forget(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    async fn expired_uploads(
        &self,
        after: Option<&UploadId>,
        limit: u32,
        now: Moment,
    ) -> Result<Vec<UploadId>, StoreError> {
        uploads::expired(&mut *self.readers.acquire().await?, after, limit, now).await
    }

    async fn arriving_uploads(&self) -> Result<Vec<UploadId>, StoreError> {
        uploads::arriving(&mut *self.readers.acquire().await?).await
    }
}
