//! Staged files that nobody needs any more, until they are gone.

use contract::DubId;
use sqlx::{FromRow, SqliteConnection};

use crate::{
    clock::Moment,
    store::{StagedId, StagedOver, StagedPlace, StoreError},
};

#[derive(FromRow)]
struct OverRow {
    id: i64,
    dub_id: String,
    place: String,
    name: String,
    until: Moment,
    tries: u32,
}

/// What nobody needs any more, as a condition. What is still on its way is not removed: it would arrive afterwards. What the
/// dubs of a batch share is in the way of one of its rows, and only when none of these dubs will send its link any more.
macro_rules! over {
    ($select:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $select,
            " FROM staged JOIN dubs ON dubs.id = dub_id
              WHERE (state = 'over' OR (state <> 'arriving'
                     AND (until <= ?1 OR phase IN ('succeeded', 'failed', 'cancelled'))))
                AND (place <> 'provider' OR batch_id IS NULL
                     OR staged.id = (SELECT min(same.id) FROM staged AS same
                                     WHERE same.place = staged.place AND same.name = staged.name)
                        AND (until <= ?1 OR NOT EXISTS (
                                 SELECT 1 FROM dubs AS sibling JOIN dub_uploads AS made ON made.dub_id = sibling.id
                                 WHERE sibling.batch_id = dubs.batch_id AND sibling.id <> dubs.id
                                   AND made.upload_id = staged.upload_id
                                   AND sibling.phase NOT IN ('succeeded', 'failed', 'cancelled')))) AND ",
            $rest
        )
    };
}

pub(super) async fn over(db: &mut SqliteConnection, limit: u32, now: Moment) -> Result<Vec<StagedOver>, StoreError> {
    let rows: Vec<OverRow> = sqlx::query_as(over!(
        "staged.id, dub_id, place, name, until, staged.tries",
        "staged.due_at <= ?1 ORDER BY staged.due_at LIMIT ?2"
    ))
    .bind(now)
    .bind(limit)
    .fetch_all(db)
    .await?;
    let over = |row: OverRow| {
        let place = match row.place.as_str() {
            "provider" => StagedPlace::Provider(row.name),
            "public" => StagedPlace::Public(row.name),
            "bucket" => StagedPlace::Bucket(row.name),
            other => return Err(StoreError::Corrupt(format!("there is no place {other:?}").into())),
        };
        Ok(StagedOver { id: StagedId(row.id), dub: DubId(row.dub_id), place, until: row.until, tries: row.tries })
    };
    rows.into_iter().map(over).collect()
}

pub(super) async fn next_over(db: &mut SqliteConnection, now: Moment) -> Result<Option<Moment>, StoreError> {
    Ok(sqlx::query_scalar(over!("min(staged.due_at)", "staged.due_at > ?1")).bind(now).fetch_one(db).await?)
}

pub(super) async fn forget(db: &mut SqliteConnection, id: StagedId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM staged WHERE (place, name) = (SELECT place, name FROM staged WHERE id = ?)")
        .bind(id.0)
        .execute(db)
        .await?;
    Ok(())
}

pub(super) async fn keep(db: &mut SqliteConnection, id: StagedId, retry_at: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE staged SET due_at = ?, tries = tries + 1 WHERE id = ?")
        .bind(retry_at)
        .bind(id.0)
        .execute(db)
        .await?;
    Ok(())
}
