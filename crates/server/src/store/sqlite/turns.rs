//! Turns: in which order dubs are sent when several visitors wait.
//!
//! The queue goes by rounds. In each, every visitor who waits has one dub sent, and within a round it goes by who queued
//! first. A dub's round is settled when it is queued, as the first that is after all of its owner's waiting dubs and after
//! the newest round of which a dub was sent. So
//!
//! - one with a hundred dubs keeps one with a single dub waiting for one dub, not for a hundred;
//! - whoever comes new stands behind those who wait for their next dub already, so even a stream of newcomers keeps nobody
//!   waiting for ever;
//! - the place in the queue is a count over an index, and only newcomers change it but by going forward.
//!
//! What could not be sent keeps its round. What the provider turned away is queued anew.

use sqlx::SqliteConnection;

use crate::store::{Owner, StoreError};

/// The round of a dub of this owner's that is queued now.
pub(super) async fn next(db: &mut SqliteConnection, owner: &Owner) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT 1 + max(gate.turn, coalesce((SELECT max(dubs.turn) FROM dubs
                                             WHERE owner = ? AND phase IN ('queued', 'staging')), 0)) FROM gate",
    )
    .bind(&owner.0)
    .fetch_one(db)
    .await?)
}

/// Books that a dub of this round is sent.
pub(super) async fn reached(db: &mut SqliteConnection, turn: i64) -> Result<(), StoreError> {
    sqlx::query("UPDATE gate SET turn = ?1 WHERE turn < ?1").bind(turn).execute(db).await?;
    Ok(())
}
