//! The gate of the queue: closed while the provider wants nothing, and what is remembered of why. When it lets a create pass is
//! up to [`creates`](super::creates).

use contract::Problem;
use sqlx::SqliteConnection;

use super::rows::{from_json, to_json};
use crate::{
    clock::Moment,
    store::{Gate, ShutReason, StoreError},
};

/// How the reasons of which the operator must know stand in the row.
const SHUT: [(ShutReason, &str); 2] =
    [(ShutReason::KeyRefused, "key_refused"), (ShutReason::BalanceTooLow, "balance_too_low")];

pub(super) async fn read(db: &mut SqliteConnection) -> Result<Gate, StoreError> {
    let (closed_until, problem, shut): (Moment, Option<String>, Option<String>) =
        sqlx::query_as("SELECT closed_until, problem, shut FROM gate").fetch_one(db).await?;
    let shut = shut.and_then(|word| SHUT.iter().find(|(_, other)| *other == word));
    Ok(Gate {
        closed_until,
        problem: problem.as_deref().map(from_json).transpose()?,
        shut: shut.map(|(reason, _)| *reason),
    })
}

/// Opens the gate, unless it was closed for longer by an answer to a later create.
pub(super) async fn open(db: &mut SqliteConnection, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE gate SET closed_until = 0, is_probing = 0, problem = NULL, shut = NULL WHERE closed_until <= ?",
    )
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// Closes the gate. What is said of others that were in flight does not hide why it is closed already: while it is, a reason
/// of which the operator must know stands until another such one takes its place.
pub(super) async fn close(
    db: &mut SqliteConnection,
    until: Moment,
    problem: Option<&Problem>,
    shut: Option<ShutReason>,
    now: Moment,
) -> Result<(), StoreError> {
    let shut = shut.and_then(|reason| SHUT.iter().find(|(other, _)| *other == reason));
    sqlx::query(
        "UPDATE gate SET closed_until = max(closed_until, ?1), is_probing = 1,
                         problem = CASE WHEN closed_until <= ?4 THEN ?2
                                        WHEN shut IS NOT NULL AND ?3 IS NULL THEN problem
                                        ELSE coalesce(?2, problem) END,
                         shut = CASE WHEN closed_until <= ?4 THEN ?3 ELSE coalesce(?3, shut) END",
    )
    .bind(until)
    .bind(problem.map(to_json).transpose()?)
    .bind(shut.map(|(_, word)| *word))
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}
