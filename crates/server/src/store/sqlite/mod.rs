//! [`Store`] over SQLite: WAL, `synchronous=FULL`, one writer, several readers.
//!
//! Every write begins `IMMEDIATE` on the one writing connection, so that what a transaction has read still holds when it
//! writes. Readers have connections of their own and never wait for it.

mod accept;
mod batches;
mod cancels;
mod changes;
mod checkpoint;
mod creates;
mod evidence;
mod gate;
mod hooks;
mod keeping;
mod keys;
mod moment;
mod owners;
mod progress;
mod removals;
mod rows;
mod sharing;
mod staging;
mod store_batches;
mod store_changes;
mod store_keeping;
mod store_life;
mod store_staging;
mod store_uploads;
#[cfg(test)]
mod tests;
mod turns;
mod unstaging;
mod uploads;
mod write;

use std::path::Path;

use accept::Acceptor;
use async_trait::async_trait;
use checkpoint::Checkpoints;
use contract::{DubId, Phase, Problem, Resolution};
use sqlx::{
    Connection as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use write::{Write, Writer};

use super::{
    Claim, CreateEnd, CreateId, DubToInsert, Due, Feed, Gate, Idempotency, Inserted, Intent, Listed, Listing, Owner,
    PastDub, ProviderLimits, Resubmitted, SaveEnd, SavedResult, Seen, Store, StoreError, StoredDub,
};
use crate::{clock::Moment, fail_points::fail_point};

/// How many connections read at once.
const READERS: u32 = 4;

/// The SQLite primary result code for a full disk (`SQLITE_FULL`, sqlite.org/rescode.html, read 2026-11-22).
const SQLITE_FULL: &str = "13";

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error().and_then(sqlx::error::DatabaseError::code) {
            Some(code) if code == SQLITE_FULL => Self::Full(error),
            _ => Self::Database(error),
        }
    }
}

/// The store in one SQLite file.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    writer: Writer,
    acceptor: Acceptor,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the store in the file `path`, made or migrated as needed.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened, is no database or cannot be migrated.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, SqliteSynchronous::Full).await
    }

    /// As [`open`](Self::open), for tests that write much and lose no power.
    #[cfg(test)]
    pub(crate) async fn open_unsynced(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, SqliteSynchronous::Off).await
    }

    async fn open_with(path: &Path, synchronous: SqliteSynchronous) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .busy_timeout(std::time::Duration::from_secs(5))
            .foreign_keys(true);
        let pool = SqlitePoolOptions::new().max_connections(1).before_acquire(|writer, _| {
            // After a failed sync or a full disk SQLite has rolled back by itself, of which sqlx knows nothing: to it the
            // connection is in a transaction for ever, and begins no other. Another connection does.
            let is_usable = !writer.is_in_transaction();
            Box::pin(async move { Ok(is_usable) })
        });
        let pool = pool.connect_with(options.clone().pragma("wal_autocheckpoint", checkpoint::LATEST_PAGES)).await?;
        sqlx::migrate!().run(&pool).await?;
        let readers =
            SqlitePoolOptions::new().max_connections(READERS).connect_with(options.clone().read_only(true)).await?;
        let (last, queue) = changes::last(&mut *readers.acquire().await?).await?;
        let beside = SqlitePoolOptions::new().max_connections(1).connect_lazy_with(options.clone());
        let writer = Writer::new(pool, Feed::new(last, queue), Checkpoints::new(beside));
        Ok(Self { acceptor: Acceptor::new(writer.clone()), writer, readers })
    }

    async fn write(&self) -> Result<Write, StoreError> {
        self.writer.begin().await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn insert_dub(&self, dub: DubToInsert, now: Moment) -> Result<Inserted, StoreError> {
        self.acceptor.insert(dub, now).await
    }

    async fn repeated(&self, owner: &Owner, request: &Idempotency) -> Result<Option<Inserted>, StoreError> {
        owners::repeated(&mut *self.readers.acquire().await?, owner, request).await
    }

    async fn dub(&self, owner: &Owner, id: &DubId) -> Result<Option<StoredDub>, StoreError> {
        owners::find(&mut *self.readers.acquire().await?, owner, id).await
    }

    async fn list(&self, owner: &Owner, listing: &Listing) -> Result<Listed, StoreError> {
        owners::list(&mut *self.readers.acquire().await?, owner, listing).await
    }

    async fn result(&self, owner: &Owner, id: &DubId) -> Result<Option<SavedResult>, StoreError> {
        owners::result(&mut *self.readers.acquire().await?, owner, id).await
    }

    async fn resubmit(&self, owner: &Owner, id: &DubId, now: Moment) -> Result<Resubmitted, StoreError> {
        let mut tx = self.write().await?;
        let resubmitted = owners::resubmit(&mut tx, owner, id, now).await?;
        tx.commit().await?;
        Ok(resubmitted)
    }

    async fn recover(&self, problem: Problem, slot_until: Moment, now: Moment) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let recovered = creates::recover(&mut tx, &problem, slot_until, now).await?;
        fail_point!(C15);
        #[cfg(feature = "fail-points")]
        if crate::fail_points::is_mistaken() {
            sqlx::query("UPDATE dubs SET phase = 'queued' WHERE phase = 'unconfirmed'").execute(&mut *tx).await?;
        }
        staging::recover(&mut tx, now).await?;
        tx.commit().await?;
        Ok(recovered)
    }

    async fn claim(&self, limits: ProviderLimits, now: Moment) -> Result<Claim, StoreError> {
        let mut tx = self.write().await?;
        let claim = creates::claim(&mut tx, limits, now).await?;
        tx.commit().await?;
        Ok(claim)
    }

    async fn claim_all(&self, limits: ProviderLimits, now: Moment) -> Result<(Vec<Intent>, Moment), StoreError> {
        let (mut tx, mut intents) = (self.writer.begin_next().await?, Vec::new());
        let until = loop {
            match creates::claim(&mut tx, limits, now).await? {
                Claim::Send(intent) => intents.push(*intent),
                Claim::Wait(until) => break until,
            }
        };
        tx.commit().await?;
        Ok((intents, until))
    }

    async fn end_create(&self, create: CreateId, end: CreateEnd, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        creates::end(&mut tx, create, end, now).await?;
        Ok(tx.commit().await?)
    }

    async fn due(&self, phase: Phase, limit: u32, now: Moment) -> Result<Vec<Due>, StoreError> {
        progress::due(&mut *self.readers.acquire().await?, phase, limit, now).await
    }

    async fn next_due(&self, phase: Phase, now: Moment) -> Result<Option<Moment>, StoreError> {
        progress::next_due(&mut *self.readers.acquire().await?, phase, now).await
    }

    async fn book_seen(&self, id: &DubId, seen: Seen, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        progress::book_seen(&mut tx, id, seen, now).await?;
        Ok(tx.commit().await?)
    }

    async fn book_save(&self, id: &DubId, end: SaveEnd, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        progress::book_save(&mut tx, id, end, now).await?;
        Ok(tx.commit().await?)
    }

    async fn gate(&self) -> Result<Gate, StoreError> {
        gate::read(&mut *self.readers.acquire().await?).await
    }

    async fn history(&self, resolution: Resolution, limit: u32) -> Result<Vec<PastDub>, StoreError> {
        progress::history(&mut *self.readers.acquire().await?, resolution, limit).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT id FROM gate").execute(&self.readers).await?;
        Ok(())
    }
}
