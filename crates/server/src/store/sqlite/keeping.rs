//! Results and uploads that are kept, until their time is over or their file is missing.

use contract::{DubId, Problem};
use sqlx::{FromRow, SqliteConnection};

use super::{
    removals,
    rows::{ResultJson, from_json, to_json},
};
use crate::{
    clock::Moment,
    store::{ExpiredResult, KeptFile, KeptResult, KeptUpload, SavedResult, StoreError, UploadId},
};

pub(super) async fn promise(db: &mut SqliteConnection, until: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE dubs SET expires_at = ? WHERE result IS NOT NULL AND expires_at IS NULL")
        .bind(until)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn expired(
    db: &mut SqliteConnection,
    limit: u32,
    now: Moment,
) -> Result<Vec<ExpiredResult>, StoreError> {
    let rows: Vec<(String, Moment)> =
        sqlx::query_as("SELECT id, expires_at FROM dubs WHERE expires_at <= ? ORDER BY expires_at LIMIT ?")
            .bind(now)
            .bind(limit)
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|(id, expires_at)| ExpiredResult { dub: DubId(id), expires_at }).collect())
}

pub(super) async fn next_expiry(db: &mut SqliteConnection, now: Moment) -> Result<Option<Moment>, StoreError> {
    Ok(sqlx::query_scalar("SELECT min(expires_at) FROM dubs WHERE expires_at > ?").bind(now).fetch_one(db).await?)
}

pub(super) async fn expire(
    db: &mut SqliteConnection,
    id: &DubId,
    problem: &Problem,
    now: Moment,
) -> Result<bool, StoreError> {
    let found: Option<Option<String>> =
        sqlx::query_scalar("SELECT coalesce(result, lost_result) FROM dubs WHERE id = ? AND expires_at <= ?")
            .bind(&id.0)
            .bind(now)
            .fetch_optional(&mut *db)
            .await?;
    let Some(result) = found else { return Ok(false) };
    if let Some(json) = result {
        // One whose file is missing may still turn up.
        let saved: SavedResult = from_json::<ResultJson>(&json)?.into();
        removals::add(db, id, &saved.file_name, now).await?;
    }
    sqlx::query(
        "UPDATE dubs SET result = NULL, lost_result = NULL, expires_at = NULL, problem = ?1, version = version + 1,
                         updated_at = ?2 WHERE id = ?3",
    )
    .bind(to_json(problem)?)
    .bind(now)
    .bind(&id.0)
    .execute(db)
    .await?;
    Ok(true)
}

#[derive(FromRow)]
struct KeptRow {
    id: String,
    file_name: String,
    is_lost: bool,
}

pub(super) async fn results(
    db: &mut SqliteConnection,
    after: Option<&DubId>,
    limit: u32,
) -> Result<Vec<KeptResult>, StoreError> {
    let rows: Vec<KeptRow> = sqlx::query_as(
        "SELECT id, coalesce(result, lost_result) ->> '$.file_name' AS file_name, result IS NULL AS is_lost FROM dubs
         WHERE id > ? AND expires_at IS NOT NULL AND coalesce(result, lost_result) IS NOT NULL ORDER BY id LIMIT ?",
    )
    .bind(after.map_or("", |id| id.0.as_str()))
    .bind(limit)
    .fetch_all(db)
    .await?;
    let kept = |row: KeptRow| KeptResult { dub: DubId(row.id), file_name: row.file_name, is_lost: row.is_lost };
    Ok(rows.into_iter().map(kept).collect())
}

pub(super) async fn lose(
    db: &mut SqliteConnection,
    id: &DubId,
    problem: &Problem,
    now: Moment,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE dubs SET lost_result = result, result = NULL, problem = ?1, version = version + 1, updated_at = ?2
         WHERE id = ?3 AND result IS NOT NULL",
    )
    .bind(to_json(problem)?)
    .bind(now)
    .bind(&id.0)
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn find(db: &mut SqliteConnection, id: &DubId, now: Moment) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE dubs SET result = lost_result, lost_result = NULL, problem = NULL, version = version + 1, updated_at = ?1
         WHERE id = ?2 AND lost_result IS NOT NULL",
    )
    .bind(now)
    .bind(&id.0)
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) async fn uploads(
    db: &mut SqliteConnection,
    after: Option<&UploadId>,
    limit: u32,
) -> Result<Vec<KeptUpload>, StoreError> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT id, storage_key FROM uploads WHERE id > ? AND storage_key IS NOT NULL AND owner <> '' ORDER BY id LIMIT ?",
    )
    .bind(after.map_or("", |id| id.0.as_str()))
    .bind(limit)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|(id, storage_key)| KeptUpload { id: UploadId(id), storage_key }).collect())
}

pub(super) async fn unknown(db: &mut SqliteConnection, files: Vec<KeptFile>) -> Result<Vec<KeptFile>, StoreError> {
    let mut unknown = Vec::new();
    for file in files {
        if !is_known(db, &file).await? {
            unknown.push(file);
        }
    }
    Ok(unknown)
}

async fn is_known(db: &mut SqliteConnection, file: &KeptFile) -> Result<bool, StoreError> {
    let query = match file {
        // A dub that is not final may be about to have its result stored.
        KeptFile::Result { dub, file_name } => sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM dubs WHERE id = ?1 AND (phase NOT IN ('succeeded', 'failed', 'cancelled')
                                OR coalesce(result, lost_result) ->> '$.file_name' = ?2))
                 OR EXISTS (SELECT 1 FROM removals WHERE dub_id = ?1 AND file_name = ?2)",
        )
        .bind(&dub.0)
        .bind(file_name),
        KeptFile::Upload(key) => sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM uploads WHERE storage_key = ?1)
                 OR EXISTS (SELECT 1 FROM uploads WHERE keeping_key = ?1)",
        )
        .bind(key),
        KeptFile::Staged(key) => {
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM staged WHERE place = 'bucket' AND name = ?)").bind(key)
        }
    };
    Ok(query.fetch_one(db).await?)
}

pub(super) async fn name(db: &mut SqliteConnection) -> Result<String, StoreError> {
    Ok(sqlx::query_scalar("SELECT name FROM identity").fetch_one(db).await?)
}
