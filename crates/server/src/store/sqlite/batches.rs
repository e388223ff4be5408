//! Batches: dubs that were asked for together.

use contract::Batch;
use sqlx::SqliteConnection;

use super::{
    keys::{self, Known},
    owners,
};
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
    Ok(match keys::known(db, owner, request).await? {
        None => None,
        Some(Known::Batch(id)) => Some(InsertedBatch::Known(existing(db, owner, id).await?)),
        Some(Known::Dub(_) | Known::Other) => Some(InsertedBatch::Mismatch),
    })
}

/// A batch, with those of its dubs that are still there.
async fn existing(db: &mut SqliteConnection, owner: &Owner, id: String) -> Result<Batch, StoreError> {
    let dubs = owners::of_batch(db, owner, &id).await?;
    Ok(Batch { id, dubs })
}
