//! Dubs on their way from the provider's hands into ours.

use contract::{DubId, Metrics, Phase, Problem, Resolution};
use sqlx::{FromRow, SqliteConnection};

use super::{
    removals,
    rows::{ResultJson, to_json},
};
use crate::{
    clock::Moment,
    store::{Due, PastDub, PredictionId, RESULT_NAME, SaveEnd, Seen, StoreError},
};

#[derive(FromRow)]
struct DueRow {
    id: String,
    prediction_id: String,
    tries: u32,
    missing_since: Option<Moment>,
    started_at: Moment,
    result_url: Option<String>,
}

pub(super) async fn due(
    db: &mut SqliteConnection,
    phase: Phase,
    limit: u32,
    now: Moment,
) -> Result<Vec<Due>, StoreError> {
    let rows: Vec<DueRow> = sqlx::query_as(
        "SELECT dubs.id, prediction_id, tries, missing_since, started_at, result_url
         FROM dubs JOIN creates ON creates.id = create_id
         WHERE phase = ? AND due_at <= ? ORDER BY due_at LIMIT ?",
    )
    .bind(phase.as_str())
    .bind(now)
    .bind(limit)
    .fetch_all(db)
    .await?;
    let due = |row: DueRow| Due {
        dub: DubId(row.id),
        prediction: PredictionId(row.prediction_id),
        tries: row.tries,
        missing_since: row.missing_since,
        started_at: row.started_at,
        result_url: row.result_url,
    };
    Ok(rows.into_iter().map(due).collect())
}

pub(super) async fn next_due(
    db: &mut SqliteConnection,
    phase: Phase,
    now: Moment,
) -> Result<Option<Moment>, StoreError> {
    Ok(sqlx::query_scalar("SELECT min(due_at) FROM dubs WHERE phase = ? AND due_at > ?")
        .bind(phase.as_str())
        .bind(now)
        .fetch_one(db)
        .await?)
}

pub(super) async fn book_seen(
    db: &mut SqliteConnection,
    id: &DubId,
    seen: Seen,
    now: Moment,
) -> Result<(), StoreError> {
    match seen {
        Seen::Running { poll_at, tries, missing_since } => {
            // Nothing that an owner sees has changed, so neither has the version.
            sqlx::query(
                "UPDATE dubs SET due_at = ?, tries = ?, missing_since = ? WHERE id = ? AND phase = 'processing'",
            )
            .bind(poll_at)
            .bind(tries)
            .bind(missing_since)
            .bind(&id.0)
            .execute(db)
            .await?;
            Ok(())
        }
        Seen::Done { result_url, metrics } => {
            release_slot(db, id, now).await?;
            sqlx::query(
                "UPDATE dubs SET phase = CASE owner WHEN '' THEN 'cancelled' ELSE 'saving' END,
                                 finished_at = CASE owner WHEN '' THEN ?1 END,
                                 version = version + 1, updated_at = ?1, due_at = ?1, tries = 0,
                                 missing_since = NULL, result_url = ?2, metrics = ?3
                 WHERE id = ?4 AND phase = 'processing'",
            )
            .bind(now)
            .bind(result_url)
            .bind(to_json(&metrics)?)
            .bind(&id.0)
            .execute(db)
            .await?;
            Ok(())
        }
        Seen::Failed { problem, metrics } => {
            release_slot(db, id, now).await?;
            finish_processing(db, id, Phase::Failed, Some(&problem), Some(metrics), now).await
        }
        Seen::Cancelled => {
            release_slot(db, id, now).await?;
            finish_processing(db, id, Phase::Cancelled, None, None, now).await
        }
        Seen::Lost { problem, slot_until } => {
            release_slot(db, id, slot_until).await?;
            finish_processing(db, id, Phase::Unconfirmed, Some(&problem), None, now).await
        }
    }
}

/// Takes a dub out of `processing`. Where `phase` is not a final one, a dub whose owner wants it cancelled is.
async fn finish_processing(
    db: &mut SqliteConnection,
    id: &DubId,
    phase: Phase,
    problem: Option<&Problem>,
    metrics: Option<Metrics>,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE dubs SET phase = CASE WHEN ?3 OR cancel_asked_at IS NULL THEN ?1 ELSE 'cancelled' END,
                         finished_at = CASE WHEN ?3 OR cancel_asked_at IS NOT NULL THEN ?2 END,
                         version = version + 1, updated_at = ?2, problem = ?4, metrics = ?5
         WHERE id = ?6 AND phase = 'processing'",
    )
    .bind(phase.as_str())
    .bind(now)
    .bind(phase.is_final())
    .bind(problem.map(to_json).transpose()?)
    .bind(metrics.as_ref().map(to_json).transpose()?)
    .bind(&id.0)
    .execute(db)
    .await?;
    Ok(())
}

/// Gives back the slot of the create that a processing dub stands on, at the moment `at`; there is nothing to cancel then.
async fn release_slot(db: &mut SqliteConnection, id: &DubId, at: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE creates SET slot_until = min(slot_until, ?1), cancel_at = NULL
         WHERE id = (SELECT create_id FROM dubs WHERE id = ?2 AND phase = 'processing')",
    )
    .bind(at)
    .bind(&id.0)
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn book_save(
    db: &mut SqliteConnection,
    id: &DubId,
    end: SaveEnd,
    now: Moment,
) -> Result<(), StoreError> {
    let is_deleted: Option<bool> = sqlx::query_scalar("SELECT owner = '' FROM dubs WHERE id = ? AND phase = 'saving'")
        .bind(&id.0)
        .fetch_optional(&mut *db)
        .await?;
    let Some(is_deleted) = is_deleted else { return Ok(()) };
    // A crash may have come after the file was in its place and before that was booked.
    if is_deleted || matches!(end, SaveEnd::Failed(_)) {
        removals::add(db, id, RESULT_NAME, now).await?;
    }
    let made_ms = match &end {
        SaveEnd::Saved(saved, _) if !is_deleted => i64::try_from(saved.duration_ms).ok(),
        _ => None,
    };
    let (phase, result, problem) = match &end {
        _ if is_deleted => (Phase::Cancelled, None, None),
        SaveEnd::Retry(at) => {
            sqlx::query("UPDATE dubs SET due_at = ?, tries = tries + 1 WHERE id = ? AND phase = 'saving'")
                .bind(at)
                .bind(&id.0)
                .execute(db)
                .await?;
            return Ok(());
        }
        SaveEnd::Saved(saved, until) => {
            (Phase::Succeeded, Some((to_json(&ResultJson::from(saved.clone()))?, *until)), None)
        }
        SaveEnd::Failed(problem) => (Phase::Failed, None, Some(to_json(problem)?)),
    };
    let (result, expires_at) = result.unzip();
    sqlx::query(
        "UPDATE dubs SET phase = ?1, version = version + 1, updated_at = ?2, finished_at = ?2, result = ?3, problem = ?4,
                         expires_at = ?5, made_ms = ?7 WHERE id = ?6 AND phase = 'saving'",
    )
    .bind(phase.as_str())
    .bind(now)
    .bind(result)
    .bind(problem)
    .bind(expires_at)
    .bind(&id.0)
    .bind(made_ms)
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn history(
    db: &mut SqliteConnection,
    resolution: Resolution,
    limit: u32,
) -> Result<Vec<PastDub>, StoreError> {
    let rows: Vec<(i64, Option<i64>)> = sqlx::query_as(
        "SELECT finished_at - started_at, made_ms FROM dubs
         WHERE phase = 'succeeded' AND resolution = ? AND started_at IS NOT NULL ORDER BY finished_at DESC LIMIT ?",
    )
    .bind(resolution.as_str())
    .bind(limit)
    .fetch_all(db)
    .await?;
    let past = |(took_ms, made_ms): (i64, Option<i64>)| PastDub {
        // The clock may have been set meanwhile.
        took_ms: u64::try_from(took_ms).unwrap_or_default(),
        made_ms: made_ms.and_then(|length| u64::try_from(length).ok()),
    };
    Ok(rows.into_iter().map(past).collect())
}
