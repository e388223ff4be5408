//! Evidence: predictions found for creates, by their own answers or long after these got lost.

use contract::{DubId, Phase};
use sqlx::{FromRow, SqliteConnection};

use super::rows::{from_json, phase};
use crate::{
    clock::Moment,
    store::{CreateId, Evidence, PredictionId, Sought, StoreError},
};

#[derive(FromRow)]
struct SoughtRow {
    id: i64,
    dub_id: String,
    sent: Option<String>,
    intent_at: Moment,
    prediction_id: Option<String>,
}

impl SoughtRow {
    fn into_sought(self) -> Result<Sought, StoreError> {
        Ok(Sought {
            create: CreateId(self.id),
            dub: DubId(self.dub_id),
            sent: self.sent.as_deref().map(from_json).transpose()?,
            intent_at: self.intent_at,
            prediction: self.prediction_id.map(PredictionId),
        })
    }
}

/// What holds a slot for a limited time may be running unseen: its answer was lost, or the provider lost sight of it.
pub(super) async fn sought(db: &mut SqliteConnection, now: Moment) -> Result<Vec<Sought>, StoreError> {
    let rows: Vec<SoughtRow> = sqlx::query_as(
        "SELECT id, dub_id, sent, intent_at, prediction_id FROM creates
         WHERE slot_until > ? AND slot_until < ? AND outcome IN ('unknown', 'accepted') AND booked_as IS NULL ORDER BY id",
    )
    .bind(now)
    .bind(Moment::NEVER)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(SoughtRow::into_sought).collect()
}

pub(super) async fn creates_of(db: &mut SqliteConnection, dub: &DubId) -> Result<Vec<Sought>, StoreError> {
    let rows: Vec<SoughtRow> = sqlx::query_as(
        "SELECT id, dub_id, sent, intent_at, prediction_id FROM creates
         WHERE dub_id = ? AND coalesce(outcome, 'unknown') IN ('unknown', 'accepted') ORDER BY id",
    )
    .bind(&dub.0)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(SoughtRow::into_sought).collect()
}

/// Books a prediction that was found for a create, unless it may be that of another one in flight.
pub(super) async fn book(
    db: &mut SqliteConnection,
    create: CreateId,
    prediction: &PredictionId,
    poll_at: Moment,
    now: Moment,
) -> Result<Evidence, StoreError> {
    let is_unclear: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM creates AS other JOIN creates AS this ON this.id = ?
                        WHERE other.ended_at IS NULL AND other.id <> this.id AND other.sent = this.sent)",
    )
    .bind(create.0)
    .fetch_one(&mut *db)
    .await?;
    match holder(db, prediction).await? {
        Some(holder) if holder == create => found_again(db, create, poll_at, now).await,
        Some(_) => Ok(Evidence::Known),
        None if is_unclear => Ok(Evidence::Unclear),
        None => take(db, create, prediction, poll_at, now).await,
    }
}

/// The create that a prediction belongs to.
pub(super) async fn holder(
    db: &mut SqliteConnection,
    prediction: &PredictionId,
) -> Result<Option<CreateId>, StoreError> {
    let id: Option<i64> = sqlx::query_scalar("SELECT id FROM creates WHERE prediction_id = ?")
        .bind(&prediction.0)
        .fetch_optional(db)
        .await?;
    Ok(id.map(CreateId))
}

/// Takes up again a prediction that the provider had lost sight of, if its dub still waits for it.
async fn found_again(
    db: &mut SqliteConnection,
    create: CreateId,
    poll_at: Moment,
    now: Moment,
) -> Result<Evidence, StoreError> {
    let lost: Option<(String, String, bool)> = sqlx::query_as(
        "SELECT dub_id, phase,
                EXISTS (SELECT 1 FROM creates AS other WHERE other.id = dubs.create_id AND other.id <> creates.id
                                                             AND other.prediction_id IS NOT NULL)
         FROM creates JOIN dubs ON dubs.id = dub_id
         WHERE creates.id = ? AND outcome = 'accepted' AND booked_as IS NULL
           AND ((slot_until > ? AND slot_until < ?) OR (phase = 'unconfirmed' AND create_id = creates.id))",
    )
    .bind(create.0)
    .bind(now)
    .bind(Moment::NEVER)
    .fetch_optional(&mut *db)
    .await?;
    let Some((dub, name, has_another)) = lost else { return Ok(Evidence::Known) };
    let found = Evidence::of(phase(&name)?, has_another);
    stand_on(db, &DubId(dub), create, found, poll_at, now).await?;
    Ok(found)
}

#[derive(FromRow)]
struct CreateRow {
    dub_id: String,
    prediction_id: Option<String>,
    phase: String,
    has_another: bool,
}

/// Gives a create the prediction that it made, which nobody knew of, and settles what that means for its dub.
pub(super) async fn take(
    db: &mut SqliteConnection,
    create: CreateId,
    prediction: &PredictionId,
    poll_at: Moment,
    now: Moment,
) -> Result<Evidence, StoreError> {
    let row: CreateRow = sqlx::query_as(
        "SELECT dub_id, prediction_id, phase,
                EXISTS (SELECT 1 FROM creates AS other WHERE other.id = dubs.create_id AND other.prediction_id IS NOT NULL)
                    AS has_another
         FROM creates JOIN dubs ON dubs.id = dub_id WHERE creates.id = ?",
    )
    .bind(create.0)
    .fetch_one(&mut *db)
    .await?;
    let dub = DubId(row.dub_id);
    if row.prediction_id.is_some() {
        // One create made two: what it has keeps its place, and the other gets a row of its own.
        let create = add(db, &dub, create, prediction, now).await?;
        stand_on(db, &dub, create, Evidence::DuplicateSpend, poll_at, now).await?;
        return Ok(Evidence::DuplicateSpend);
    }
    sqlx::query(
        "UPDATE creates SET ended_at = coalesce(ended_at, ?), outcome = 'accepted', prediction_id = ? WHERE id = ?",
    )
    .bind(now)
    .bind(&prediction.0)
    .bind(create.0)
    .execute(&mut *db)
    .await?;
    let found = Evidence::of(phase(&row.phase)?, row.has_another);
    stand_on(db, &dub, create, found, poll_at, now).await?;
    Ok(found)
}

async fn add(
    db: &mut SqliteConnection,
    dub: &DubId,
    like: CreateId,
    prediction: &PredictionId,
    now: Moment,
) -> Result<CreateId, StoreError> {
    let id = sqlx::query(
        "INSERT INTO creates (dub_id, intent_at, ended_at, outcome, prediction_id, slot_until, sent)
         SELECT ?1, ?2, ?2, 'accepted', ?3, ?4, sent FROM creates WHERE id = ?5",
    )
    .bind(&dub.0)
    .bind(now)
    .bind(&prediction.0)
    .bind(Moment::NEVER)
    .bind(like.0)
    .execute(db)
    .await?
    .last_insert_rowid();
    Ok(CreateId(id))
}

/// Lets a dub stand on a create's prediction from now on, or books this as one that is to be cancelled. Either way it runs,
/// as far as is known, and holds a slot until it is seen to be over.
async fn stand_on(
    db: &mut SqliteConnection,
    dub: &DubId,
    create: CreateId,
    found: Evidence,
    poll_at: Moment,
    now: Moment,
) -> Result<(), StoreError> {
    let booked_as = match found {
        Evidence::Adopted => None,
        Evidence::DuplicateSpend => Some("duplicate_spend"),
        Evidence::Late => Some("late"),
        Evidence::Known | Evidence::Unclear => return Ok(()),
    };
    // A wish to cancel that came while nobody knew is carried out now.
    sqlx::query(
        "UPDATE creates SET slot_until = ?1, booked_as = ?2, cancel_tries = 0,
                            cancel_at = CASE WHEN ?2 IS NOT NULL OR (SELECT cancel_asked_at FROM dubs WHERE id = dub_id) IS NOT NULL
                                             THEN ?3 END
         WHERE id = ?4",
    )
    .bind(Moment::NEVER)
    .bind(booked_as)
    .bind(now)
    .bind(create.0)
    .execute(&mut *db)
    .await?;
    if found == Evidence::Adopted {
        sqlx::query(
            "UPDATE dubs SET phase = ?1, version = version + 1, updated_at = ?2, create_id = ?3, due_at = ?4, tries = 0,
                             started_at = (SELECT ended_at FROM creates WHERE id = ?3),
                             missing_since = NULL, problem = NULL, staged_until = NULL
             WHERE id = ?5",
        )
        .bind(Phase::Processing.as_str())
        .bind(now)
        .bind(create.0)
        .bind(poll_at)
        .bind(&dub.0)
        .execute(db)
        .await?;
    }
    Ok(())
}
