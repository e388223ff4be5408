//! [`StagingStore`] over SQLite: each method is one transaction around what [`staging`] and [`unstaging`] say in SQL.

use async_trait::async_trait;
use contract::{DubId, Field};

use super::{SqliteStore, sharing, staging, unstaging};
use crate::{
    clock::Moment,
    store::{NewStaged, ProviderLimits, StagedId, StagedOver, StagingEnd, StagingStore, StoreError, ToStage, UploadId},
};

#[async_trait]
impl StagingStore for SqliteStore {
    async fn begin_staging(&self, limits: ProviderLimits, ahead: u32, now: Moment) -> Result<(), StoreError> {
        // Whoever gives a slot back asks for this too, and mostly in vain: the next create is not to wait for it.
        if !staging::may_begin(&mut *self.readers.acquire().await?, now).await? {
            return Ok(());
        }
        let mut tx = self.write().await?;
        staging::begin(&mut tx, limits, ahead, now).await?;
        Ok(tx.commit().await?)
    }

    async fn to_stage(&self, limit: u32, now: Moment) -> Result<Vec<ToStage>, StoreError> {
        staging::to_stage(&mut *self.readers.acquire().await?, limit, now).await
    }

    async fn next_to_stage(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        staging::next_to_stage(&mut *self.readers.acquire().await?, now).await
    }

    async fn add_staged(&self, file: NewStaged, now: Moment) -> Result<StagedId, StoreError> {
        let mut tx = self.write().await?;
        let id = staging::add(&mut tx, file, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn share_staged(
        &self,
        dub: &DubId,
        field: Field,
        upload: &UploadId,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let is_shared = sharing::share(&mut tx, dub, field, upload, now).await?;
        tx.commit().await?;
        Ok(is_shared)
    }

    async fn book_staged(&self, id: StagedId) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        staging::book(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    async fn end_staging(&self, id: &DubId, end: StagingEnd, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        staging::end(&mut tx, id, end, now).await?;
        Ok(tx.commit().await?)
    }

    async fn staged_upload(&self, token: &str, now: Moment) -> Result<Option<UploadId>, StoreError> {
        staging::upload(&mut *self.readers.acquire().await?, token, now).await
    }

    async fn staged_over(&self, limit: u32, now: Moment) -> Result<Vec<StagedOver>, StoreError> {
        unstaging::over(&mut *self.readers.acquire().await?, limit, now).await
    }

    async fn next_staged_over(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        unstaging::next_over(&mut *self.readers.acquire().await?, now).await
    }

    async fn forget_staged(&self, id: StagedId) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        unstaging::forget(&mut tx, id).await?;
        Ok(tx.commit().await?)
    }

    async fn keep_staged(&self, id: StagedId, retry_at: Moment) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        unstaging::keep(&mut tx, id, retry_at).await?;
        Ok(tx.commit().await?)
    }
}
