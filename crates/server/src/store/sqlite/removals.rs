//! Deleting: dubs that are taken from their owners, and results that are to be removed from the storage.

use std::time::Duration;

use contract::DubId;
use sqlx::{FromRow, SqliteConnection};

use super::{
    cancels,
    rows::{ResultJson, from_json},
};
use crate::{
    clock::Moment,
    store::{Owner, Removal, SavedResult, StoreError},
};

/// What stands in place of what a deleted dub was made from.
const NO_INPUT: &str = r#"{"video":{"url":""},"audio":{"url":""},"resolution":"480p","seed":1}"#;

/// For how long a deletion is told to who was cut off when it happened.
const GONE_TOLD_FOR: Duration = Duration::from_hours(48);

pub(super) async fn delete(
    db: &mut SqliteConnection,
    owner: &Owner,
    id: &DubId,
    now: Moment,
) -> Result<bool, StoreError> {
    let found: Option<Option<String>> =
        sqlx::query_scalar("SELECT coalesce(result, lost_result) FROM dubs WHERE id = ? AND owner = ?")
            .bind(&id.0)
            .bind(&owner.0)
            .fetch_optional(&mut *db)
            .await?;
    let Some(result) = found else { return Ok(false) };
    cancels::at_once(db, id, now).await?;
    cancels::note(db, id, now).await?;
    if let Some(json) = result {
        let saved: SavedResult = from_json::<ResultJson>(&json)?.into();
        add(db, id, &saved.file_name, now).await?;
    }
    sqlx::query(
        "UPDATE dubs SET owner = '', idempotency_key = NULL, body_hash = NULL, label = NULL, input = ?1, problem = NULL,
                         result = NULL, lost_result = NULL, expires_at = NULL, version = version + 1, updated_at = ?2 WHERE id = ?3",
    )
    .bind(NO_INPUT)
    .bind(now)
    .bind(&id.0)
    .execute(&mut *db)
    .await?;
    // After the update, which gives the change its number.
    sqlx::query("INSERT INTO gone (change, owner, dub_id, gone_at) SELECT change, ?, id, ? FROM dubs WHERE id = ?")
        .bind(&owner.0)
        .bind(now)
        .bind(&id.0)
        .execute(&mut *db)
        .await?;
    sqlx::query("DELETE FROM gone WHERE gone_at < ?").bind(now - GONE_TOLD_FOR).execute(&mut *db).await?;
    // What may still turn up is recognised by it.
    sqlx::query("UPDATE creates SET sent = NULL WHERE dub_id = ? AND coalesce(outcome, 'unknown') <> 'unknown'")
        .bind(&id.0)
        .execute(&mut *db)
        .await?;
    // While it is sent or made, its files are needed.
    sqlx::query(
        "DELETE FROM dub_uploads WHERE dub_id = (SELECT id FROM dubs WHERE id = ?
                                                 AND phase IN ('succeeded', 'failed', 'cancelled'))",
    )
    .bind(&id.0)
    .execute(db)
    .await?;
    Ok(true)
}

/// Notes that a dub's file is to be removed, whether it is there or not.
pub(super) async fn add(
    db: &mut SqliteConnection,
    dub: &DubId,
    file_name: &str,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO removals (dub_id, file_name, due_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(&dub.0)
        .bind(file_name)
        .bind(now)
        .execute(db)
        .await?;
    Ok(())
}

#[derive(FromRow)]
struct RemovalRow {
    dub_id: String,
    file_name: String,
    tries: u32,
}

pub(super) async fn due(db: &mut SqliteConnection, limit: u32, now: Moment) -> Result<Vec<Removal>, StoreError> {
    let rows: Vec<RemovalRow> =
        sqlx::query_as("SELECT dub_id, file_name, tries FROM removals WHERE due_at <= ? ORDER BY due_at LIMIT ?")
            .bind(now)
            .bind(limit)
            .fetch_all(db)
            .await?;
    let removal = |row: RemovalRow| Removal { dub: DubId(row.dub_id), file_name: row.file_name, tries: row.tries };
    Ok(rows.into_iter().map(removal).collect())
}

pub(super) async fn next_due(db: &mut SqliteConnection, now: Moment) -> Result<Option<Moment>, StoreError> {
    Ok(sqlx::query_scalar("SELECT min(due_at) FROM removals WHERE due_at > ?").bind(now).fetch_one(db).await?)
}

pub(super) async fn forget(db: &mut SqliteConnection, removal: &Removal) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM removals WHERE dub_id = ? AND file_name = ?")
        .bind(&removal.dub.0)
        .bind(&removal.file_name)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn keep(db: &mut SqliteConnection, removal: &Removal, retry_at: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE removals SET due_at = ?, tries = tries + 1 WHERE dub_id = ? AND file_name = ?")
        .bind(retry_at)
        .bind(&removal.dub.0)
        .bind(&removal.file_name)
        .execute(db)
        .await?;
    Ok(())
}
