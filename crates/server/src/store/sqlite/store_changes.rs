//! [`ChangeStore`] over SQLite.

use async_trait::async_trait;

use super::{SqliteStore, changes};
use crate::store::{Change, ChangeStore, Feed, Scope, Sight, Since, StoreError, StoredDub};

#[async_trait]
impl ChangeStore for SqliteStore {
    fn feed(&self) -> &Feed {
        &self.writer.feed
    }

    async fn last_change(&self) -> Result<Change, StoreError> {
        Ok(changes::last(&mut *self.readers.acquire().await?).await?.0)
    }

    async fn newest(&self, scope: &Scope, count: u32) -> Result<Change, StoreError> {
        changes::newest(&mut *self.readers.acquire().await?, scope, count).await
    }

    async fn changed(&self, scope: &Scope, since: Since, limit: u32) -> Result<Vec<Sight>, StoreError> {
        // One sight of both: what is committed between two looks would be passed over.
        let mut tx = self.readers.begin().await?;
        changes::changed(&mut tx, scope, since, limit).await
    }

    async fn waiting(&self, scope: &Scope, limit: u32) -> Result<Vec<StoredDub>, StoreError> {
        changes::waiting(&mut *self.readers.acquire().await?, scope, limit).await
    }
}
