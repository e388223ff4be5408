//! What changed, and what a commit is told of with.

use contract::DubId;
use sqlx::SqliteConnection;

use super::{owners::select_dub, rows::DubRow};
use crate::store::{Change, Owner, Scope, Sight, Since, StoreError, StoredDub, feed::News};

/// The newest change of any dub, and the queue's count.
pub(super) async fn last(db: &mut SqliteConnection) -> Result<(Change, i64), sqlx::Error> {
    let (last, queue) = sqlx::query_as("SELECT last, queue FROM changes").fetch_one(db).await?;
    Ok((Change(last), queue))
}

/// What this transaction has changed, and what may not have been told of before.
pub(super) async fn news(db: &mut SqliteConnection, told: Change) -> Result<News, sqlx::Error> {
    let (last, queue) = last(db).await?;
    if last <= told {
        return Ok(News { dubs: Vec::new(), queue });
    }
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "SELECT owner, id, change FROM dubs WHERE change > ?1 UNION ALL SELECT owner, dub_id, change FROM gone WHERE change > ?1",
    )
    .bind(told.0)
    .fetch_all(db)
    .await?;
    let dubs = rows.into_iter().map(|(owner, id, change)| (Owner(owner), DubId(id), Change(change)));
    Ok(News { dubs: dubs.collect(), queue })
}

pub(super) async fn newest(db: &mut SqliteConnection, scope: &Scope, count: u32) -> Result<Change, StoreError> {
    let change: Option<i64> = sqlx::query_scalar(
        "SELECT change FROM dubs WHERE owner = ?1 AND (?2 IS NULL OR id = ?2) ORDER BY change DESC LIMIT 1 OFFSET ?3",
    )
    .bind(&scope.owner.0)
    .bind(scope.dub.as_ref().map(|dub| &dub.0))
    .bind(count)
    .fetch_optional(db)
    .await?;
    Ok(change.map_or(Change::NONE, Change))
}

pub(super) async fn changed(
    db: &mut SqliteConnection,
    scope: &Scope,
    since: Since,
    limit: u32,
) -> Result<Vec<Sight>, StoreError> {
    let dubs = changed_dubs(db, scope, since, limit).await?;
    let gone: Vec<(i64, String)> = sqlx::query_as(
        "SELECT change, dub_id FROM gone WHERE owner = ?1 AND (?2 IS NULL OR dub_id = ?2) AND change > ?3
         ORDER BY change LIMIT ?4",
    )
    .bind(&scope.owner.0)
    .bind(scope.dub.as_ref().map(|dub| &dub.0))
    .bind(since.change.max(since.of_gone).0)
    .bind(limit)
    .fetch_all(db)
    .await?;
    let gone = gone.into_iter().map(|(change, dub)| Sight::Gone(Change(change), DubId(dub)));
    let mut sights: Vec<_> = dubs.into_iter().map(Sight::Dub).chain(gone).collect();
    sights.sort_by_key(Sight::change);
    sights.truncate(limit as usize);
    Ok(sights)
}

async fn changed_dubs(
    db: &mut SqliteConnection,
    scope: &Scope,
    since: Since,
    limit: u32,
) -> Result<Vec<StoredDub>, StoreError> {
    let rows: Vec<DubRow> = match &scope.dub {
        None => {
            let query = sqlx::query_as(select_dub!(
                "WHERE owner = ? AND change > ? AND (change > ? OR phase NOT IN ('succeeded', 'failed', 'cancelled'))
                 ORDER BY change LIMIT ?"
            ));
            let query = query.bind(&scope.owner.0).bind(since.change.0).bind(since.of_final.0).bind(limit);
            query.fetch_all(db).await?
        }
        Some(dub) => {
            let query = sqlx::query_as(select_dub!("WHERE id = ? AND owner = ? AND change > ?"));
            query.bind(&dub.0).bind(&scope.owner.0).bind(since.change.0).fetch_all(db).await?
        }
    };
    rows.into_iter().map(DubRow::into_stored).collect()
}

pub(super) async fn waiting(
    db: &mut SqliteConnection,
    scope: &Scope,
    limit: u32,
) -> Result<Vec<StoredDub>, StoreError> {
    let rows: Vec<DubRow> = sqlx::query_as(select_dub!(
        "WHERE owner = ?1 AND (?2 IS NULL OR id = ?2) AND phase IN ('queued', 'staging') ORDER BY turn, queued_at, seq LIMIT ?3"
    ))
    .bind(&scope.owner.0)
    .bind(scope.dub.as_ref().map(|dub| &dub.0))
    .bind(limit)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(DubRow::into_stored).collect()
}
