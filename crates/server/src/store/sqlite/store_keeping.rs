//! [`KeepStore`] over SQLite: each method is one transaction around what [`keeping`] says in SQL.

use async_trait::async_trait;
use contract::{DubId, Problem};

use super::{SqliteStore, keeping};
use crate::{
    clock::Moment,
    store::{ExpiredResult, KeepStore, KeptFile, KeptResult, KeptUpload, StoreError, UploadId},
};

#[async_trait]
impl KeepStore for SqliteStore {
    async fn promise_results(&self, until: Moment) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        keeping::promise(&mut tx, until).await?;
        Ok(tx.commit().await?)
    }

    async fn expired_results(&self, limit: u32, now: Moment) -> Result<Vec<ExpiredResult>, StoreError> {
        keeping::expired(&mut *self.readers.acquire().await?, limit, now).await
    }

    async fn next_expiry(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        keeping::next_expiry(&mut *self.readers.acquire().await?, now).await
    }

    async fn expire_result(&self, id: &DubId, problem: Problem, now: Moment) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let is_expired = keeping::expire(&mut tx, id, &problem, now).await?;
        tx.commit().await?;
        Ok(is_expired)
    }

    async fn kept_results(&self, after: Option<&DubId>, limit: u32) -> Result<Vec<KeptResult>, StoreError> {
        keeping::results(&mut *self.readers.acquire().await?, after, limit).await
    }

    async fn lose_result(&self, id: &DubId, problem: Problem, now: Moment) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let is_news = keeping::lose(&mut tx, id, &problem, now).await?;
        tx.commit().await?;
        Ok(is_news)
    }

    async fn find_result(&self, id: &DubId, now: Moment) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let is_news = keeping::find(&mut tx, id, now).await?;
        tx.commit().await?;
        Ok(is_news)
    }

    async fn kept_uploads(&self, after: Option<&UploadId>, limit: u32) -> Result<Vec<KeptUpload>, StoreError> {
        keeping::uploads(&mut *self.readers.acquire().await?, after, limit).await
    }

    async fn unknown_files(&self, files: Vec<KeptFile>) -> Result<Vec<KeptFile>, StoreError> {
        keeping::unknown(&mut *self.readers.acquire().await?, files).await
    }

    async fn name(&self) -> Result<String, StoreError> {
        keeping::name(&mut *self.readers.acquire().await?).await
    }
}
