//! [`Store`] over SQLite: WAL, `synchronous=FULL`, one writer, several readers.
//!
//! Every write begins `IMMEDIATE` on the one writing connection, so that what a transaction has read still holds when it
//! writes. Readers have connections of their own and never wait for it.

mod creates;
mod moment;
mod owners;
mod progress;
mod rows;
mod staging;
mod unstaging;
mod uploads;

use std::path::Path;

use async_trait::async_trait;
use contract::{DubId, Phase, Problem, Resolution, UploadLimits};
use sqlx::{
    Sqlite, SqlitePool, Transaction,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{
    Begun, Claim, CreateEnd, CreateId, Disowned, DubToInsert, Due, Gate, Idempotency, Inserted, Listed, Listing,
    NewStaged, Owner, ProviderLimits, Resubmitted, SaveEnd, SavedResult, Seen, StagedId, StagedOver, StagingEnd,
    StagingStore, Store, StoreError, StoredDub, StoredUpload, ToStage, Upload, UploadContent, UploadId, UploadStore,
};
use crate::clock::Moment;

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
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStore {
    /// Opens the store in the file `path`, made or migrated as needed.
    ///
    /// # Errors
    /// [`StoreError`] when the file cannot be opened, is no database or cannot be migrated.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(std::time::Duration::from_secs(5))
            .foreign_keys(true);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        sqlx::migrate!().run(&writer).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        Ok(Self { writer, readers })
    }

    async fn write(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn insert_dub(&self, dub: DubToInsert, now: Moment) -> Result<Inserted, StoreError> {
        let mut tx = self.write().await?;
        let inserted = owners::insert(&mut tx, dub, now).await?;
        tx.commit().await?;
        Ok(inserted)
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
        creates::gate(&mut *self.readers.acquire().await?).await
    }

    async fn history(&self, resolution: Resolution, limit: u32) -> Result<Vec<u32>, StoreError> {
        progress::history(&mut *self.readers.acquire().await?, resolution, limit).await
    }

    async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT id FROM gate").execute(&self.readers).await?;
        Ok(())
    }
}

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
        expires_at: Moment,
    ) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let is_finished = uploads::finish(&mut tx, id, content, expires_at).await?;
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

#[async_trait]
impl StagingStore for SqliteStore {
    async fn begin_staging(&self, limits: ProviderLimits, ahead: u32, now: Moment) -> Result<(), StoreError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::conformance::{self, conforms, staging, uploads};

    async fn open() -> (SqliteStore, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        (SqliteStore::open(&folder.path().join("redub.db")).await.unwrap(), folder)
    }

    conforms! { open, conformance:
        an_accepted_dub_is_there_for_its_owner_only
        a_key_used_again_gives_the_same_dub_or_a_mismatch
        dubs_are_listed_newest_first_page_by_page
        no_more_than_the_limit_run_at_once
        no_more_creates_than_the_limit_within_any_minute
        what_was_not_sent_keeps_its_place_and_waits
        an_earlier_success_does_not_open_a_gate_that_was_closed_since
        a_lost_prediction_keeps_its_slot_for_a_while
        what_was_turned_away_lets_others_try_first
        an_unknown_create_keeps_its_slot_and_is_never_sent_again_by_itself
        only_an_unconfirmed_dub_is_sent_again_and_only_for_its_owner
        a_crash_makes_what_was_in_flight_unconfirmed
        a_dub_goes_from_processing_over_saving_to_succeeded
        a_prediction_belongs_to_one_dub
    }

    conforms! { open, uploads:
        an_upload_is_there_for_its_owner_only_and_stored_once_it_is_whole
        a_removed_upload_is_nobodys_until_it_is_forgotten
        a_visitor_has_no_more_files_and_bytes_than_the_quota
        what_is_over_goes_and_what_a_dub_needs_stays
        what_has_become_whole_meanwhile_is_not_over
        an_unconfirmed_dub_needs_its_uploads_for_a_week
        bytes_that_were_about_to_be_stored_are_known_to_whoever_removes_them
        a_dub_is_not_taken_with_an_upload_that_is_gone_unfinished_or_anothers
    }

    conforms! { open, staging:
        a_dub_with_files_is_sent_once_they_are_staged
        what_is_not_staged_keeps_nobody_waiting
        no_more_is_staged_than_there_are_slots_and_a_few
        nothing_is_staged_while_the_gate_is_closed
        only_what_is_missing_is_staged_again
        a_dub_whose_files_cannot_be_staged_fails
        links_are_kept_after_a_create_that_was_not_sent_and_renewed_after_one_that_was
        links_that_have_grown_old_are_made_anew
        a_dub_is_not_sent_while_one_of_its_files_is_missing
        what_was_being_staged_at_a_crash_is_staged_again
        staged_files_are_removed_once_the_dub_is_final_and_not_before
        a_file_that_is_still_on_its_way_is_not_removed
        a_token_opens_its_upload_until_the_dub_is_final
    }

    #[tokio::test]
    async fn what_was_committed_is_there_after_opening_again() {
        let (store, folder) = open().await;
        conformance::an_accepted_dub_is_there_for_its_owner_only(&store).await;
        store.writer.close().await;
        store.readers.close().await;
        let again = SqliteStore::open(&folder.path().join("redub.db")).await.unwrap();
        let found = again.dub(&Owner("anna".into()), &DubId("a".into())).await.unwrap();
        assert_eq!(found.unwrap().dub.phase, Phase::Queued);
    }

    #[tokio::test]
    async fn a_file_that_is_no_database_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("redub.db");
        std::fs::write(&path, "this is not a database at all, but long enough to be looked at as one").unwrap();
        assert!(SqliteStore::open(&path).await.is_err());
    }
}
