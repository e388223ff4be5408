//! Keys by which a repeated request is known. An owner uses each for one thing: a dub, or a batch.

use contract::DubId;
use sqlx::SqliteConnection;

use crate::store::{Idempotency, Owner, StoreError};

/// What a key was used for.
pub(super) enum Known {
    /// The same request, for one dub.
    Dub(DubId),
    /// The same request, for a batch.
    Batch(String),
    /// Another request.
    Other,
}

/// What this owner has used the key for, if anything.
pub(super) async fn known(
    db: &mut SqliteConnection,
    owner: &Owner,
    request: &Idempotency,
) -> Result<Option<Known>, StoreError> {
    let used: Option<(String, String, bool)> = sqlx::query_as(
        "SELECT id, body_hash, FALSE FROM dubs WHERE owner = ?1 AND idempotency_key = ?2
         UNION ALL SELECT id, body_hash, TRUE FROM batches WHERE owner = ?1 AND idempotency_key = ?2",
    )
    .bind(&owner.0)
    .bind(&request.key)
    .fetch_optional(db)
    .await?;
    Ok(used.map(|(id, hash, is_batch)| match is_batch {
        _ if hash != request.body_hash => Known::Other,
        true => Known::Batch(id),
        false => Known::Dub(DubId(id)),
    }))
}
