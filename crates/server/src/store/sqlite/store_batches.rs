//! [`BatchStore`] over SQLite.

use async_trait::async_trait;

use super::{SqliteStore, batches};
use crate::{
    clock::Moment,
    store::{BatchStore, BatchToInsert, Idempotency, InsertedBatch, Owner, StoreError},
};

#[async_trait]
impl BatchStore for SqliteStore {
    async fn insert_batch(&self, batch: BatchToInsert, now: Moment) -> Result<InsertedBatch, StoreError> {
        let mut tx = self.write().await?;
        let inserted = batches::insert(&mut tx, batch, now).await?;
        tx.commit().await?;
        Ok(inserted)
    }

    async fn repeated_batch(&self, owner: &Owner, request: &Idempotency) -> Result<Option<InsertedBatch>, StoreError> {
        batches::repeated(&mut *self.readers.acquire().await?, owner, request).await
    }
}
