//! One change of the store: a transaction, and the word that it is durable.

use std::ops::{Deref, DerefMut};

use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};

use super::changes;
use crate::{
    fail_points::fail_point,
    store::{Feed, StoreError},
};

/// The one connection that writes.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    pub(super) pool: SqlitePool,
    pub(super) feed: Feed,
}

impl Writer {
    /// Waits for its turn.
    pub(super) async fn begin(&self) -> Result<Write, StoreError> {
        Ok(Write { tx: self.pool.begin_with("BEGIN IMMEDIATE").await?, feed: self.feed.clone() })
    }
}

/// A transaction that writes. What it has changed is told of once it is committed.
pub(super) struct Write {
    tx: Transaction<'static, Sqlite>,
    feed: Feed,
}

impl Write {
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        // A task of its own: who waits for it may be dropped between the commit and the word of it.
        let committed = tokio::spawn(async move {
            let news = changes::news(&mut self.tx, self.feed.told()).await?;
            self.tx.commit().await?;
            if !news.dubs.is_empty() {
                fail_point!(C14);
            }
            self.feed.tell(news);
            Ok(())
        });
        committed.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

impl Deref for Write {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.tx
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }
}
