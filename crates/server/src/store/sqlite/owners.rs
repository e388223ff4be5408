//! What visitors ask of the store: accept, show, list, send again.

use contract::{Dub, DubId, Phase};
use sqlx::SqliteConnection;

use super::{
    keys::{self, Known},
    rows::{DubRow, ResultJson, from_json, phase, to_json},
    turns, uploads,
};
use crate::{
    clock::Moment,
    store::{
        DubToInsert, Idempotency, Inserted, Listed, Listing, Owner, Resubmitted, SavedResult, StoreError, StoredDub,
    },
};

/// The columns of a [`DubRow`]. The place in the queue is counted when it is asked for, among those too whose files are
/// being staged, and a waiting dub's problem is the gate's.
macro_rules! select_dub {
    ($rest:literal) => {
        concat!(
            "SELECT seq, id, batch_id, label, input, phase, version, change, created_at, updated_at, started_at, finished_at, estimate_s,
                    coalesce(problem, CASE WHEN phase IN ('queued', 'staging') THEN (SELECT gate.problem FROM gate) END) AS problem,
                    metrics, result, expires_at,
                    CASE phase WHEN 'queued' THEN
                        (SELECT count(*) + 1 FROM dubs AS q INDEXED BY dubs_in_queue WHERE q.phase IN ('queued', 'staging')
                         AND (q.turn, q.queued_at, q.seq) < (dubs.turn, dubs.queued_at, dubs.seq))
                    END AS queue_position
             FROM dubs ",
            $rest
        )
    };
}

pub(super) use select_dub;

pub(super) async fn insert(db: &mut SqliteConnection, new: DubToInsert, now: Moment) -> Result<Inserted, StoreError> {
    if let Some(request) = &new.idempotency
        && let Some(inserted) = repeated(db, &new.owner, request).await?
    {
        return Ok(inserted);
    }
    if !uploads::has_all(db, &new.owner, &new.input).await? {
        return Ok(Inserted::UploadMissing);
    }
    add(db, &new, None, now).await?;
    Ok(Inserted::New(existing(db, &new.owner, &new.id).await?))
}

/// Puts a dub into the queue. Its uploads are known to be there.
pub(super) async fn add(
    db: &mut SqliteConnection,
    new: &DubToInsert,
    batch: Option<&str>,
    now: Moment,
) -> Result<(), StoreError> {
    let turn = turns::next(db, &new.owner).await?;
    sqlx::query(
        "INSERT INTO dubs (id, owner, idempotency_key, body_hash, label, input, resolution, phase, created_at, updated_at,
                           queued_at, estimate_s, due_at, turn, batch_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'queued', ?8, ?8, ?8, ?9, ?8, ?10, ?11)",
    )
    .bind(&new.id.0)
    .bind(&new.owner.0)
    .bind(new.idempotency.as_ref().map(|idempotency| &idempotency.key))
    .bind(new.idempotency.as_ref().map(|idempotency| &idempotency.body_hash))
    .bind(&new.label)
    .bind(to_json(&new.input)?)
    .bind(new.input.resolution.as_str())
    .bind(now)
    .bind(new.estimate_s)
    .bind(turn)
    .bind(batch)
    .execute(&mut *db)
    .await?;
    uploads::link(db, &new.id, &new.input, now).await
}

pub(super) async fn repeated(
    db: &mut SqliteConnection,
    owner: &Owner,
    request: &Idempotency,
) -> Result<Option<Inserted>, StoreError> {
    Ok(match keys::known(db, owner, request).await? {
        None => None,
        Some(Known::Dub(id)) => Some(Inserted::Known(existing(db, owner, &id).await?)),
        Some(Known::Batch(_) | Known::Other) => Some(Inserted::Mismatch),
    })
}

/// The dubs of a batch, in the order in which they were asked for.
pub(super) async fn of_batch(db: &mut SqliteConnection, owner: &Owner, batch: &str) -> Result<Vec<Dub>, StoreError> {
    let rows: Vec<DubRow> = sqlx::query_as(select_dub!("WHERE batch_id = ? AND owner = ? ORDER BY seq"))
        .bind(batch)
        .bind(&owner.0)
        .fetch_all(db)
        .await?;
    rows.into_iter().map(|row| Ok(row.into_stored()?.dub)).collect()
}

pub(super) async fn find(
    db: &mut SqliteConnection,
    owner: &Owner,
    id: &DubId,
) -> Result<Option<StoredDub>, StoreError> {
    let row: Option<DubRow> =
        sqlx::query_as(select_dub!("WHERE id = ? AND owner = ?")).bind(&id.0).bind(&owner.0).fetch_optional(db).await?;
    row.map(DubRow::into_stored).transpose()
}

pub(super) async fn existing(db: &mut SqliteConnection, owner: &Owner, id: &DubId) -> Result<StoredDub, StoreError> {
    find(db, owner, id).await?.ok_or_else(|| StoreError::Corrupt("a dub of this transaction is gone".into()))
}

pub(super) async fn list(db: &mut SqliteConnection, owner: &Owner, listing: &Listing) -> Result<Listed, StoreError> {
    let limit = listing.limit.max(1);
    let mut rows: Vec<DubRow> = sqlx::query_as(select_dub!(
        "WHERE owner = ?1 AND (?2 IS NULL OR seq < ?2) AND (?3 IS NULL OR phase = ?3)
           AND (?4 IS NULL OR instr(lower(coalesce(label, '')), lower(?4)) OR instr(lower(coalesce(input ->> '$.video.url', '')), lower(?4)))
         ORDER BY seq DESC LIMIT ?5"
    ))
    .bind(&owner.0)
    .bind(listing.cursor)
    .bind(listing.phase.map(Phase::as_str))
    .bind(&listing.text)
    .bind(limit.saturating_add(1))
    .fetch_all(db)
    .await?;
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let next = rows.last().map(|row| row.seq).filter(|_| has_more);
    let dubs = rows.into_iter().map(|row| Ok(row.into_stored()?.dub)).collect::<Result<_, StoreError>>()?;
    Ok(Listed { dubs, next })
}

pub(super) async fn result(
    db: &mut SqliteConnection,
    owner: &Owner,
    id: &DubId,
) -> Result<Option<SavedResult>, StoreError> {
    let json: Option<Option<String>> = sqlx::query_scalar("SELECT result FROM dubs WHERE id = ? AND owner = ?")
        .bind(&id.0)
        .bind(&owner.0)
        .fetch_optional(db)
        .await?;
    json.flatten().map(|json| Ok(from_json::<ResultJson>(&json)?.into())).transpose()
}

pub(super) async fn resubmit(
    db: &mut SqliteConnection,
    owner: &Owner,
    id: &DubId,
    now: Moment,
) -> Result<Resubmitted, StoreError> {
    let found: Option<String> = sqlx::query_scalar("SELECT phase FROM dubs WHERE id = ? AND owner = ?")
        .bind(&id.0)
        .bind(&owner.0)
        .fetch_optional(&mut *db)
        .await?;
    match found.as_deref().map(phase).transpose()? {
        None => Ok(Resubmitted::NotFound),
        Some(Phase::Unconfirmed) => {
            let turn = turns::next(db, owner).await?;
            sqlx::query(
                "UPDATE dubs SET phase = 'queued', version = version + 1, updated_at = ?1, queued_at = ?1, due_at = ?1,
                                 turn = ?3, started_at = NULL, tries = 0, missing_since = NULL, problem = NULL WHERE id = ?2",
            )
            .bind(now)
            .bind(&id.0)
            .bind(turn)
            .execute(&mut *db)
            .await?;
            Ok(Resubmitted::Queued(existing(db, owner, id).await?))
        }
        Some(other) => Ok(Resubmitted::NotUnconfirmed(other)),
    }
}
