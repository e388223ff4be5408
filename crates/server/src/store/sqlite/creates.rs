//! Creates: the intent before each, its end, and the limits.

use contract::{DubId, Phase, Problem};
use sqlx::{FromRow, SqliteConnection};

use super::{
    evidence, gate,
    rows::{from_json, to_json},
    staging, turns,
};
use crate::{
    clock::Moment,
    store::{Claim, CreateEnd, CreateId, Hook, Intent, LINK_SPARE, Owner, ProviderLimits, StoreError},
};

pub(super) async fn recover(
    db: &mut SqliteConnection,
    problem: &Problem,
    slot_until: Moment,
    now: Moment,
) -> Result<u64, StoreError> {
    sqlx::query("UPDATE creates SET ended_at = ?1, outcome = 'unknown', slot_until = ?2 WHERE ended_at IS NULL")
        .bind(now)
        .bind(slot_until)
        .execute(&mut *db)
        .await?;
    let done = sqlx::query(
        "UPDATE dubs SET phase = CASE WHEN cancel_asked_at IS NULL THEN 'unconfirmed' ELSE 'cancelled' END,
                         finished_at = CASE WHEN cancel_asked_at IS NOT NULL THEN ?1 END,
                         version = version + 1, updated_at = ?1, problem = ?2
         WHERE phase = 'submitting'",
    )
    .bind(now)
    .bind(to_json(problem)?)
    .execute(&mut *db)
    .await?;
    Ok(done.rows_affected())
}

pub(super) async fn claim(db: &mut SqliteConnection, limits: ProviderLimits, now: Moment) -> Result<Claim, StoreError> {
    let (next, dub, mut input) = loop {
        let Some(next) = next_queued(db, now).await? else {
            return Ok(Claim::Wait(Moment::NEVER));
        };
        let (dub, input) = (DubId(next.id.clone()), from_json(&next.input)?);
        if staging::missing(db, &dub, &input).await?.is_empty() {
            break (next, dub, input);
        }
        // It could not be sent, and would stand in everybody's way.
        staging::stage_again(db, &dub, now).await?;
    };
    let free_at = allowed_at(db, limits, now).await?.max(next.due_at);
    if free_at > now {
        return Ok(Claim::Wait(free_at));
    }
    let hook = Hook::draw();
    // What is sent is how a lost create is recognised.
    let create = sqlx::query(
        "INSERT INTO creates (dub_id, intent_at, slot_until, hook_token, hook_secret, sent) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(&dub.0)
    .bind(now)
    .bind(Moment::NEVER)
    .bind(Hook::hash(&hook.token))
    .bind(&hook.secret)
    .bind(to_json(&input)?)
    .execute(&mut *db)
    .await?
    .last_insert_rowid();
    sqlx::query(
        "UPDATE dubs SET phase = 'submitting', version = version + 1, updated_at = ?1, create_id = ?2, staged_until = NULL,
                         problem = NULL
         WHERE id = ?3",
    )
    .bind(now)
    .bind(create)
    .bind(&dub.0)
    .execute(&mut *db)
    .await?;
    turns::reached(db, next.turn).await?;
    let create = CreateId(create);
    if !staging::files(&input).is_empty() {
        input = staging::take(db, &dub, create, input).await?;
        let sent = to_json(&input)?;
        sqlx::query("UPDATE creates SET sent = ? WHERE id = ?").bind(sent).bind(create.0).execute(db).await?;
    }
    let intent = Intent { create, dub, input, tries: next.tries, hook };
    Ok(Claim::Send(Box::new(intent)))
}

#[derive(FromRow)]
struct NextRow {
    id: String,
    input: String,
    tries: u32,
    due_at: Moment,
    turn: i64,
}

/// The first dub in the queue that could be sent: without files, or with all of them staged. Word for word what the index
/// says, or it is not taken.
pub(super) const TO_SEND: &str = "SELECT id, input, tries, due_at, turn FROM dubs INDEXED BY dubs_to_send
     WHERE phase IN ('queued', 'staging') AND (staged_until IS NOT NULL OR NOT has_files)
       AND (staged_until > ? OR NOT has_files)
     ORDER BY turn, queued_at, seq LIMIT 1";

async fn next_queued(db: &mut SqliteConnection, now: Moment) -> Result<Option<NextRow>, StoreError> {
    Ok(sqlx::query_as(TO_SEND).bind(now + LINK_SPARE).fetch_optional(db).await?)
}

/// The first moment at which the gate and both limits allow a create. `NEVER` stands for "when one in flight has ended".
///
/// A limit allows one once fewer than it are left of what counts: of slots, and of creates within the window. A create
/// counts there from its end, the latest moment at which the provider can have seen it; one in flight always counts.
async fn allowed_at(db: &mut SqliteConnection, limits: ProviderLimits, now: Moment) -> Result<Moment, StoreError> {
    let (Some(slots), Some(creates)) = (limits.running.checked_sub(1), limits.creates.checked_sub(1)) else {
        return Ok(Moment::NEVER);
    };
    // One question, as a slot is free meanwhile.
    let (closed_until, is_probing, in_flight, slot_at, ended): (Moment, bool, u32, Option<Moment>, Option<Moment>) =
        sqlx::query_as(
            "SELECT closed_until, is_probing, (SELECT count(*) FROM creates WHERE ended_at IS NULL),
                    (SELECT slot_until FROM creates WHERE slot_until > ?1 ORDER BY slot_until DESC LIMIT 1 OFFSET ?2),
                    (SELECT coalesce(ended_at, ?1) FROM creates
                     WHERE ended_at IS NULL OR (ended_at > ?3 AND outcome <> 'not_sent') ORDER BY 1 DESC LIMIT 1 OFFSET ?4)
             FROM gate",
        )
        .bind(now)
        .bind(slots)
        .bind(now - ProviderLimits::WINDOW)
        .bind(creates)
        .fetch_one(&mut *db)
        .await?;
    if is_probing && in_flight > 0 {
        return Ok(Moment::NEVER);
    }
    let window_at = ended.map_or(Moment(0), |ended| ended + ProviderLimits::WINDOW);
    Ok(closed_until.max(slot_at.unwrap_or(Moment(0))).max(window_at))
}

pub(super) async fn end(
    db: &mut SqliteConnection,
    create: CreateId,
    end: CreateEnd,
    now: Moment,
) -> Result<(), StoreError> {
    let is_in_flight: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM creates WHERE id = ? AND ended_at IS NULL)")
            .bind(create.0)
            .fetch_one(&mut *db)
            .await?;
    match end {
        CreateEnd::Accepted { prediction, poll_at } => {
            if is_in_flight {
                gate::open(db, now).await?;
            }
            match evidence::holder(db, &prediction).await? {
                None => drop(evidence::take(db, create, &prediction, poll_at, now).await?),
                // Evidence came before the answer.
                Some(holder) if holder == create => {}
                Some(_) => return Err(StoreError::PredictionTaken),
            }
        }
        // Evidence came before the answer, and told more.
        _ if !is_in_flight => {}
        CreateEnd::NotSent { retry_at, problem } => {
            end_row(db, create, "not_sent", now, now).await?;
            gate::close(db, retry_at, Some(&problem), None, now).await?;
            requeue(db, create, now).await?;
            staging::give_back(db, create).await?;
        }
        CreateEnd::TurnedAway { retry_at, problem, shut } => {
            end_row(db, create, "turned_away", now, now).await?;
            gate::close(db, retry_at, problem.as_ref(), shut, now).await?;
            // Behind the others, so that one dub that is always turned away does not hold them all up.
            requeue(db, create, now).await?;
            queue_anew(db, create, now).await?;
            if shut.is_some() {
                staging::give_back(db, create).await?;
            } else {
                staging::give_up(db, create, now).await?;
            }
        }
        CreateEnd::Refused(problem) => {
            end_row(db, create, "refused", now, now).await?;
            gate::open(db, now).await?;
            finish(db, create, Phase::Failed, &problem, now).await?;
        }
        CreateEnd::Unknown { problem, slot_until } => {
            end_row(db, create, "unknown", slot_until, now).await?;
            finish(db, create, Phase::Unconfirmed, &problem, now).await?;
        }
    }
    Ok(())
}

async fn end_row(
    db: &mut SqliteConnection,
    create: CreateId,
    outcome: &'static str,
    slot_until: Moment,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE creates SET ended_at = ?, outcome = ?, slot_until = ? WHERE id = ?")
        .bind(now)
        .bind(outcome)
        .bind(slot_until)
        .bind(create.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Puts a create's dub back into the queue, at its old place. One whose owner wants it cancelled is.
async fn requeue(db: &mut SqliteConnection, create: CreateId, now: Moment) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE dubs SET phase = CASE WHEN cancel_asked_at IS NULL THEN 'queued' ELSE 'cancelled' END,
                         finished_at = CASE WHEN cancel_asked_at IS NOT NULL THEN ?1 END,
                         version = version + 1, updated_at = ?1, tries = tries + 1
         WHERE create_id = ?2 AND phase = 'submitting'",
    )
    .bind(now)
    .bind(create.0)
    .execute(db)
    .await?;
    Ok(())
}

/// Gives a create's dub, which is queued, the place of one that is queued now.
async fn queue_anew(db: &mut SqliteConnection, create: CreateId, now: Moment) -> Result<(), StoreError> {
    let owner: Option<String> = sqlx::query_scalar("SELECT owner FROM dubs WHERE create_id = ? AND phase = 'queued'")
        .bind(create.0)
        .fetch_optional(&mut *db)
        .await?;
    let Some(owner) = owner.map(Owner) else { return Ok(()) };
    let turn = turns::next(db, &owner).await?;
    sqlx::query("UPDATE dubs SET turn = ?, queued_at = ? WHERE create_id = ?")
        .bind(turn)
        .bind(now)
        .bind(create.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Takes a create's dub out of the queue's hands, into `phase`. Where that is not a final one, a dub whose owner wants it
/// cancelled is.
async fn finish(
    db: &mut SqliteConnection,
    create: CreateId,
    phase: Phase,
    problem: &Problem,
    now: Moment,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE dubs SET phase = CASE WHEN ?4 OR cancel_asked_at IS NULL THEN ?1 ELSE 'cancelled' END,
                         finished_at = CASE WHEN ?4 OR cancel_asked_at IS NOT NULL THEN ?2 END,
                         version = version + 1, updated_at = ?2, problem = ?3
         WHERE create_id = ?5 AND phase = 'submitting'",
    )
    .bind(phase.as_str())
    .bind(now)
    .bind(to_json(problem)?)
    .bind(phase.is_final())
    .bind(create.0)
    .execute(db)
    .await?;
    Ok(())
}
