//! Cancelling: what an owner wants, and what the provider is still to be asked.

use contract::{DubId, Phase};
use sqlx::{FromRow, SqliteConnection};

use super::{owners, rows::phase};
use crate::{
    clock::Moment,
    store::{CancelDue, CancelEnd, CancelStep, CancelWhy, Cancelling, CreateId, Owner, PredictionId, StoreError},
};

pub(super) async fn cancel(
    db: &mut SqliteConnection,
    owner: &Owner,
    id: &DubId,
    now: Moment,
) -> Result<Cancelling, StoreError> {
    let found: Option<String> = sqlx::query_scalar("SELECT phase FROM dubs WHERE id = ? AND owner = ?")
        .bind(&id.0)
        .bind(&owner.0)
        .fetch_optional(&mut *db)
        .await?;
    let Some(phase) = found.as_deref().map(phase).transpose()? else { return Ok(Cancelling::NotFound) };
    match CancelStep::of(phase) {
        CancelStep::AtOnce => at_once(db, id, now).await?,
        CancelStep::Noted => note(db, id, now).await?,
        CancelStep::Already => {}
        CancelStep::TooLate => return Ok(Cancelling::TooLate(phase)),
    }
    Ok(Cancelling::Taken(owners::existing(db, owner, id).await?))
}

/// Cancels a dub of which nothing runs, as far as is known. What may be billed is still told.
pub(super) async fn at_once(db: &mut SqliteConnection, id: &DubId, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE dubs SET phase = 'cancelled', version = version + 1, updated_at = ?1, finished_at = ?1, staged_until = NULL,
                         problem = CASE phase WHEN 'unconfirmed' THEN problem END
         WHERE id = ?2 AND phase IN ('queued', 'staging', 'unconfirmed')",
    )
    .bind(now)
    .bind(&id.0)
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that a dub is to be cancelled; a prediction that runs for it is to be cancelled at the provider.
pub(super) async fn note(db: &mut SqliteConnection, id: &DubId, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE dubs SET cancel_asked_at = coalesce(cancel_asked_at, ?) WHERE id = ?")
        .bind(now)
        .bind(&id.0)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "UPDATE creates SET cancel_at = ?1, cancel_tries = 0
         WHERE id = (SELECT create_id FROM dubs WHERE id = ?2 AND phase = 'processing') AND cancel_at IS NULL",
    )
    .bind(now)
    .bind(&id.0)
    .execute(db)
    .await?;
    Ok(())
}

#[derive(FromRow)]
struct DueRow {
    id: i64,
    dub_id: String,
    prediction_id: String,
    booked_as: Option<String>,
    cancel_tries: u32,
}

pub(super) async fn due(db: &mut SqliteConnection, limit: u32, now: Moment) -> Result<Vec<CancelDue>, StoreError> {
    let rows: Vec<DueRow> = sqlx::query_as(
        "SELECT id, dub_id, prediction_id, booked_as, cancel_tries FROM creates
         WHERE cancel_at <= ? AND prediction_id IS NOT NULL ORDER BY cancel_at LIMIT ?",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(db)
    .await?;
    let due = |row: DueRow| CancelDue {
        create: CreateId(row.id),
        dub: DubId(row.dub_id),
        prediction: PredictionId(row.prediction_id),
        why: match row.booked_as.as_deref() {
            None => CancelWhy::Owner,
            Some("duplicate_spend") => CancelWhy::DuplicateSpend,
            Some(_) => CancelWhy::Late,
        },
        tries: row.cancel_tries,
    };
    Ok(rows.into_iter().map(due).collect())
}

pub(super) async fn next_due(db: &mut SqliteConnection, now: Moment) -> Result<Option<Moment>, StoreError> {
    Ok(sqlx::query_scalar("SELECT min(cancel_at) FROM creates WHERE cancel_at > ?").bind(now).fetch_one(db).await?)
}

pub(super) async fn book(
    db: &mut SqliteConnection,
    create: CreateId,
    end: CancelEnd,
    now: Moment,
) -> Result<(), StoreError> {
    let (cancel_at, slot_until) = match end {
        CancelEnd::Retry(at) => (Some(at), Moment::NEVER),
        CancelEnd::Over => (None, now),
        CancelEnd::Asked | CancelEnd::GivenUp => (None, Moment::NEVER),
    };
    // What has ended meanwhile is not asked for again.
    sqlx::query(
        "UPDATE creates SET cancel_at = ?, cancel_tries = cancel_tries + 1, slot_until = min(slot_until, ?)
         WHERE id = ? AND cancel_at IS NOT NULL",
    )
    .bind(cancel_at)
    .bind(slot_until)
    .bind(create.0)
    .execute(&mut *db)
    .await?;
    if end == CancelEnd::Asked {
        sqlx::query("UPDATE dubs SET due_at = ? WHERE create_id = ? AND phase = ?")
            .bind(now)
            .bind(create.0)
            .bind(Phase::Processing.as_str())
            .execute(db)
            .await?;
    }
    Ok(())
}
