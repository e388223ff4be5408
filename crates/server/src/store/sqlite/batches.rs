//! Batches: dubs that were asked for together.

use contract::Batch;
use sqlx::SqliteConnection;

use super::owners;
use crate::{
    clock::Moment,
    store::{BatchToInsert, Idempotency, InsertedBatch, Owner, StoreError},
};

/// Inserts all of it or reports why not. The caller commits nothing but what is [`InsertedBatch::New`].
pub(super) async fn insert(
    db: &mut SqliteConnection,
    new: BatchToInsert,
    now: Moment,
) -> Result<InsertedBatch, StoreError> {
    if let Some(request) = &new.idempotency
        && let Some(inserted) = repeated(db, &new.owner, request).await?
    {
        return Ok(inserted);
    }
    for dub in &new.dubs {
        if !super::uploads::has_all(db, &new.owner, &dub.input).await? {
            return Ok(InsertedBatch::UploadMissing);
        }
    }
    sqlx::query("INSERT INTO batches (id, owner, idempotency_key, body_hash, created_at) VALUES (?, ?, ?, ?, ?)")
        .bind(&new.id)
        .bind(&new.owner.0)
        .bind(new.idempotency.as_ref().map(|idempotency| &idempotency.key))
        .bind(new.idempotency.as_ref().map(|idempotency| &idempotency.body_hash))
        .bind(now)
        .execute(&mut *db)
        .await?;
    for dub in &new.dubs {
        owners::add(db, dub, Some(&new.id), now).await?;
    }
    Ok(InsertedBatch::New(existing(db, &new.owner, new.id).await?))
}

pub(super) async fn repeated(
    db: &mut SqliteConnection,
    owner: &Owner,
    request: &Idempotency,
) -> Result<Option<InsertedBatch>, StoreError> {
    if owners::has_key(db, owner, &request.key).await? {
        // It was used for a single dub.
        return Ok(Some(InsertedBatch::Mismatch));
    }
    let known: Option<(String, String)> =
        sqlx::query_as("SELECT id, body_hash FROM batches WHERE owner = ? AND idempotency_key = ?")
            .bind(&owner.0)
            .bind(&request.key)
            .fetch_optional(&mut *db)
            .await?;
    match known {
        None => Ok(None),
        Some((_, hash)) if hash != request.body_hash => Ok(Some(InsertedBatch::Mismatch)),
        Some((id, _)) => Ok(Some(InsertedBatch::Known(existing(db, owner, id).await?))),
    }
}

/// Whether this owner has used the key for a batch.
pub(super) async fn has_key(db: &mut SqliteConnection, owner: &Owner, key: &str) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM batches WHERE owner = ? AND idempotency_key = ?)")
        .bind(&owner.0)
        .bind(key)
        .fetch_one(db)
        .await?)
}

/// A batch, with those of its dubs that are still there.
async fn existing(db: &mut SqliteConnection, owner: &Owner, id: String) -> Result<Batch, StoreError> {
    let dubs = owners::of_batch(db, owner, &id).await?;
    Ok(Batch { id, dubs })
}
