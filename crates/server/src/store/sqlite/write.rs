//! One change of the store: a transaction, and the word that it is durable.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::{Duration, Instant},
};

use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use super::{changes, checkpoint::Checkpoints};
use crate::{
    fail_points::fail_point,
    store::{Feed, StoreError},
};

/// The one connection that writes.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    pub(super) pool: SqlitePool,
    pub(super) feed: Feed,
    pub(super) checkpoints: Checkpoints,
    /// Whose turn it is, of all but who fills free slots.
    turn: Arc<Mutex<()>>,
}

impl Writer {
    pub(super) fn new(pool: SqlitePool, feed: Feed, checkpoints: Checkpoints) -> Self {
        Self { pool, feed, checkpoints, turn: Arc::default() }
    }

    /// Waits for its turn, but no longer than for the connection: who asked is told meanwhile that it does not work.
    pub(super) async fn begin(&self) -> Result<Write, StoreError> {
        let (asked, longest) = (Instant::now(), self.pool.options().get_acquire_timeout());
        let turn = timeout(longest, self.turn.clone().lock_owned()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        self.begin_at(asked, Some(turn)).await
    }

    /// Waits for the change that is being written, and goes before all others that wait: a slot is free meanwhile.
    pub(super) async fn begin_next(&self) -> Result<Write, StoreError> {
        self.begin_at(Instant::now(), None).await
    }

    async fn begin_at(&self, asked: Instant, turn: Option<OwnedMutexGuard<()>>) -> Result<Write, StoreError> {
        let tx = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let (writer, begun) = (self.clone(), Instant::now());
        Ok(Write { tx, writer, _turn: turn, waited: begun - asked, begun })
    }
}

/// A transaction that writes. What it has changed is told of once it is committed.
pub(super) struct Write {
    tx: Transaction<'static, Sqlite>,
    writer: Writer,
    /// Ends after the transaction.
    _turn: Option<OwnedMutexGuard<()>>,
    /// How long it waited for its turn, and since when it is.
    waited: Duration,
    begun: Instant,
}

impl Write {
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        // A task of its own: who waits for it may be dropped between the commit and the word of it.
        let committed = tokio::spawn(async move {
            let Writer { feed, checkpoints, .. } = self.writer;
            let news = changes::news(&mut self.tx, feed.told()).await?;
            let written = self.begun.elapsed();
            self.tx.commit().await?;
            let on_disk = self.begun.elapsed();
            tracing::debug!(waited = ?self.waited, ?written, ?on_disk, "a change");
            if !news.dubs.is_empty() {
                fail_point!(C14);
            }
            feed.tell(news);
            checkpoints.committed();
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
