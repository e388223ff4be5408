//! [`LifeStore`] over SQLite: each method is one transaction around what [`cancels`], [`evidence`] and
//! [`removals`] say in SQL.

use async_trait::async_trait;
use contract::DubId;

use super::{SqliteStore, cancels, evidence, removals};
use crate::{
    clock::Moment,
    store::{
        CancelDue, CancelEnd, Cancelling, CreateId, Evidence, LifeStore, Owner, PredictionId, Removal, Sought,
        StoreError,
    },
};

#[async_trait]
impl LifeStore for SqliteStore {
    async fn cancel(&self, owner: &Owner, id: &DubId, now: Moment) -> Result<Cancelling, StoreError> {
        let mut tx = self.write().await?;
        let cancelling = cancels::cancel(&mut tx, owner, id, now).await?;
        tx.commit().await?;
        Ok(cancelling)
    }

    async fn cancels_due(&self, limit: u32, now: Moment) -> Result<Vec<CancelDue>, StoreError> {
        cancels::due(&mut *self.readers.acquire().await?, limit, now).await
    }

    async fn next_cancel(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        cancels::next_due(&mut *self.readers.acquire().await?, now).await
    }

    async fn book_cancel(&self, create: CreateId, end: CancelEnd, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        cancels::book(&mut tx, create, end, now).await?;
        Ok(tx.commit().await?)
    }

    async fn sought(&self, now: Moment) -> Result<Vec<Sought>, StoreError> {
        evidence::sought(&mut *self.readers.acquire().await?, now).await
    }

    async fn creates_of(&self, dub: &DubId) -> Result<Vec<Sought>, StoreError> {
        evidence::creates_of(&mut *self.readers.acquire().await?, dub).await
    }

    async fn book_evidence(
        &self,
        create: CreateId,
        prediction: &PredictionId,
        poll_at: Moment,
        now: Moment,
    ) -> Result<Evidence, StoreError> {
        let mut tx = self.write().await?;
        let found = evidence::book(&mut tx, create, prediction, poll_at, now).await?;
        tx.commit().await?;
        Ok(found)
    }

    async fn delete(&self, owner: &Owner, id: &DubId, now: Moment) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let is_deleted = removals::delete(&mut tx, owner, id, now).await?;
        tx.commit().await?;
        Ok(is_deleted)
    }

    async fn removals(&self, limit: u32, now: Moment) -> Result<Vec<Removal>, StoreError> {
        removals::due(&mut *self.readers.acquire().await?, limit, now).await
    }

    async fn next_removal(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        removals::next_due(&mut *self.readers.acquire().await?, now).await
    }

    async fn forget_removal(&self, removal: &Removal) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        removals::forget(&mut tx, removal).await?;
        Ok(tx.commit().await?)
    }

    async fn keep_removal(&self, removal: &Removal, retry_at: Moment) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        removals::keep(&mut tx, removal, retry_at).await?;
        Ok(tx.commit().await?)
    }
}
