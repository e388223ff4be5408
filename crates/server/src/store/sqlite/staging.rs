//! Staged files: from before their first byte until a create has their links.

use contract::{DubId, DubInput, Field, Media, Phase};
use sqlx::SqliteConnection;

use super::{
    gate,
    rows::{from_json, to_json},
};
use crate::{
    clock::Moment,
    store::{
        CreateId, Gate, LINK_SPARE, NewStaged, ProviderLimits, StagedId, StagedPlace, StagingEnd, StoreError, ToStage,
        UploadId,
    },
};

/// The files of an input, and what each is for.
pub(super) fn files(input: &DubInput) -> Vec<(Field, UploadId)> {
    let media = [
        (Field::Video, Some(&input.video)),
        (Field::Audio, Some(&input.audio)),
        (Field::MaskImage, input.mask_image.as_ref()),
    ];
    let upload = |(field, media): (Field, Option<&Media>)| match media {
        Some(Media::UploadId(id)) => Some((field, UploadId(id.clone()))),
        _ => None,
    };
    media.into_iter().filter_map(upload).collect()
}

/// Of the dubs with files, those that are next. Word for word what the index says, or it is not taken.
pub(super) const TO_STAGE: &str =
    "UPDATE dubs SET phase = 'staging', version = version + 1, updated_at = ?1, due_at = ?1, tries = 0
     WHERE seq IN (SELECT seq FROM dubs INDEXED BY dubs_to_stage
                   WHERE phase = 'queued' AND staged_until IS NULL AND has_files
                   ORDER BY turn, queued_at, seq LIMIT max(0, ?2))";

/// Whether anything waits for [`begin`]: a dub with files, or a link that has grown old.
pub(super) async fn may_begin(db: &mut SqliteConnection, now: Moment) -> Result<bool, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM dubs INDEXED BY dubs_to_stage
                        WHERE phase = 'queued' AND staged_until IS NULL AND has_files)
             OR EXISTS (SELECT 1 FROM dubs INDEXED BY dubs_staged
                        WHERE phase IN ('queued', 'staging') AND staged_until <= ?1)
             OR EXISTS (SELECT 1 FROM staged WHERE state = 'ready' AND until <= ?1)",
    )
    .bind(now + LINK_SPARE)
    .fetch_one(db)
    .await?)
}

pub(super) async fn begin(
    db: &mut SqliteConnection,
    limits: ProviderLimits,
    ahead: u32,
    now: Moment,
) -> Result<(), StoreError> {
    let (closed_until, is_probing, in_slots): (Moment, bool, i64) = sqlx::query_as(
        "SELECT closed_until, is_probing, (SELECT count(*) FROM creates WHERE slot_until > ?) FROM gate",
    )
    .bind(now)
    .fetch_one(&mut *db)
    .await?;
    if closed_until > now {
        return Ok(());
    }
    give_up_old(db, now).await?;
    // What waits for another try must not keep others out.
    let staging: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM dubs WHERE phase = 'staging' AND (staged_until IS NOT NULL OR due_at <= ?)",
    )
    .bind(now)
    .fetch_one(&mut *db)
    .await?;
    let seats = if limits.running == 0 { 0 } else { i64::from(limits.running) + i64::from(ahead) };
    // While one dub at a time finds out whether the provider takes anything, no other is needed.
    let seats = if is_probing { seats.min(in_slots + 1) } else { seats };
    sqlx::query(TO_STAGE).bind(now).bind(seats - in_slots - staging).execute(db).await?;
    Ok(())
}

/// Takes back what was staged too long ago to be sent now.
async fn give_up_old(db: &mut SqliteConnection, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE staged SET state = 'over', due_at = ?1 WHERE state = 'ready' AND until <= ?2")
        .bind(now)
        .bind(now + LINK_SPARE)
        .execute(&mut *db)
        .await?;
    sqlx::query(
        "UPDATE dubs INDEXED BY dubs_staged SET staged_until = NULL, due_at = ?1
         WHERE phase IN ('queued', 'staging') AND staged_until <= ?2",
    )
    .bind(now)
    .bind(now + LINK_SPARE)
    .execute(db)
    .await?;
    Ok(())
}

pub(super) async fn to_stage(db: &mut SqliteConnection, limit: u32, now: Moment) -> Result<Vec<ToStage>, StoreError> {
    // Where the provider takes nothing from us, one at a time finds out whether it does again.
    let limit = match gate::read(db).await? {
        Gate { shut: Some(_), closed_until, .. } if closed_until > now => return Ok(Vec::new()),
        Gate { shut: Some(_), .. } => limit.min(1),
        Gate { shut: None, .. } => limit,
    };
    let rows: Vec<(String, Option<String>, String, u32)> = sqlx::query_as(
        "SELECT id, batch_id, input, tries FROM dubs WHERE phase = 'staging' AND staged_until IS NULL AND due_at <= ?
         ORDER BY turn, queued_at, seq LIMIT ?",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *db)
    .await?;
    let mut found = Vec::new();
    for (id, batch, input, tries) in rows {
        let dub = DubId(id);
        let missing = missing(db, &dub, &from_json(&input)?).await?;
        found.push(ToStage { dub, batch, missing, tries });
    }
    Ok(found)
}

/// The files of a dub's `input` that are not ready for its next create.
pub(super) async fn missing(
    db: &mut SqliteConnection,
    dub: &DubId,
    input: &DubInput,
) -> Result<Vec<(Field, UploadId)>, StoreError> {
    let mut missing = files(input);
    if missing.is_empty() {
        return Ok(missing);
    }
    let ready = links(db, dub).await?;
    missing.retain(|(field, _)| ready.iter().all(|(name, _)| name != field.as_str()));
    Ok(missing)
}

/// The links that are ready for the next create of a dub, by the names of their fields.
async fn links(db: &mut SqliteConnection, dub: &DubId) -> Result<Vec<(String, String)>, StoreError> {
    Ok(sqlx::query_as("SELECT field, link FROM staged WHERE dub_id = ? AND state = 'ready'")
        .bind(&dub.0)
        .fetch_all(db)
        .await?)
}

pub(super) async fn next_to_stage(db: &mut SqliteConnection, now: Moment) -> Result<Option<Moment>, StoreError> {
    Ok(sqlx::query_scalar(
        "SELECT min(due_at) FROM dubs WHERE phase = 'staging' AND staged_until IS NULL AND due_at > ?",
    )
    .bind(now)
    .fetch_one(db)
    .await?)
}

pub(super) async fn add(db: &mut SqliteConnection, file: NewStaged, now: Moment) -> Result<StagedId, StoreError> {
    let (place, name) = match &file.place {
        StagedPlace::Provider(id) => ("provider", id),
        StagedPlace::Public(token) => ("public", token),
        StagedPlace::Bucket(key) => ("bucket", key),
    };
    let id = sqlx::query(
        "INSERT INTO staged (dub_id, field, upload_id, place, name, link, until, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&file.dub.0)
    .bind(file.field.as_str())
    .bind(&file.upload.0)
    .bind(place)
    .bind(name)
    .bind(&file.link)
    .bind(file.until)
    .bind(now)
    .execute(db)
    .await?
    .last_insert_rowid();
    Ok(StagedId(id))
}

pub(super) async fn book(db: &mut SqliteConnection, id: StagedId) -> Result<(), StoreError> {
    sqlx::query("UPDATE staged SET state = 'ready' WHERE id = ? AND state = 'arriving'").bind(id.0).execute(db).await?;
    Ok(())
}

pub(super) async fn end(db: &mut SqliteConnection, id: &DubId, end: StagingEnd, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE staged SET state = 'over', due_at = ? WHERE dub_id = ? AND state = 'arriving'")
        .bind(now)
        .bind(&id.0)
        .execute(&mut *db)
        .await?;
    let (phase, tries, due_at, problem) = match &end {
        StagingEnd::Done => (Phase::Staging, 0, now, None),
        StagingEnd::Retry { at, problem, shut } => {
            if shut.is_some() {
                gate::close(db, *at, Some(problem), *shut, now).await?;
            }
            (Phase::Staging, 1, *at, Some(problem))
        }
        StagingEnd::Failed(problem) => (Phase::Failed, 0, now, Some(problem)),
    };
    sqlx::query(
        "UPDATE dubs SET phase = ?1, version = version + 1, updated_at = ?2, due_at = ?3, problem = ?4, finished_at = ?5,
                         tries = CASE ?6 WHEN 0 THEN 0 ELSE tries + 1 END, staged_until = ?7
         WHERE id = ?8 AND phase = 'staging'",
    )
    .bind(phase.as_str())
    .bind(now)
    .bind(due_at)
    .bind(problem.map(to_json).transpose()?)
    .bind(phase.is_final().then_some(now))
    .bind(tries)
    .bind(if end == StagingEnd::Done { ready_until(db, id).await? } else { None })
    .bind(&id.0)
    .execute(db)
    .await?;
    Ok(())
}

/// Until when a dub can be sent with the files that are staged for it; `None` while one is missing. One can be given up
/// for its age while another is still on its way.
async fn ready_until(db: &mut SqliteConnection, dub: &DubId) -> Result<Option<Moment>, StoreError> {
    let input: Option<String> =
        sqlx::query_scalar("SELECT input FROM dubs WHERE id = ?").bind(&dub.0).fetch_optional(&mut *db).await?;
    let Some(input) = input else { return Ok(None) };
    if !missing(db, dub, &from_json(&input)?).await?.is_empty() {
        return Ok(None);
    }
    Ok(sqlx::query_scalar("SELECT min(until) FROM staged WHERE dub_id = ? AND state = 'ready'")
        .bind(&dub.0)
        .fetch_one(db)
        .await?)
}

/// Puts the links of a dub's staged files into `input`, and books that the create has them.
pub(super) async fn take(
    db: &mut SqliteConnection,
    dub: &DubId,
    create: CreateId,
    mut input: DubInput,
) -> Result<DubInput, StoreError> {
    for (field, link) in links(db, dub).await? {
        let link = Media::Url(link);
        match Field::from_name(&field) {
            Some(Field::Video) => input.video = link,
            Some(Field::Audio) => input.audio = link,
            Some(Field::MaskImage) => input.mask_image = Some(link),
            _ => return Err(StoreError::Corrupt(format!("no file is for {field:?}").into())),
        }
    }
    sqlx::query("UPDATE staged SET state = 'used', create_id = ? WHERE dub_id = ? AND state = 'ready'")
        .bind(create.0)
        .bind(&dub.0)
        .execute(db)
        .await?;
    Ok(input)
}

/// Gives the files of a create that was never sent back to its dub.
pub(super) async fn give_back(db: &mut SqliteConnection, create: CreateId) -> Result<(), StoreError> {
    sqlx::query("UPDATE staged SET state = 'ready', create_id = NULL WHERE create_id = ?")
        .bind(create.0)
        .execute(&mut *db)
        .await?;
    let dub: Option<String> =
        sqlx::query_scalar("SELECT id FROM dubs WHERE create_id = ?").bind(create.0).fetch_optional(&mut *db).await?;
    let Some(dub) = dub.map(DubId) else { return Ok(()) };
    let until = ready_until(db, &dub).await?;
    sqlx::query("UPDATE dubs SET staged_until = ? WHERE id = ?").bind(until).bind(&dub.0).execute(db).await?;
    Ok(())
}

/// Takes it back that a dub's files are all there.
pub(super) async fn stage_again(db: &mut SqliteConnection, dub: &DubId, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE dubs SET staged_until = NULL, due_at = ? WHERE id = ?")
        .bind(now)
        .bind(&dub.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Gives up the files of a create that was turned away.
pub(super) async fn give_up(db: &mut SqliteConnection, create: CreateId, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE staged SET state = 'over', due_at = ? WHERE create_id = ?")
        .bind(now)
        .bind(create.0)
        .execute(db)
        .await?;
    Ok(())
}

/// Gives up what was on its way when the last server ended: the bytes may be cut.
pub(super) async fn recover(db: &mut SqliteConnection, now: Moment) -> Result<(), StoreError> {
    sqlx::query("UPDATE staged SET state = 'over', due_at = ? WHERE state = 'arriving'").bind(now).execute(db).await?;
    Ok(())
}

pub(super) async fn upload(
    db: &mut SqliteConnection,
    token: &str,
    now: Moment,
) -> Result<Option<UploadId>, StoreError> {
    let id: Option<String> = sqlx::query_scalar(
        "SELECT upload_id FROM staged JOIN dubs ON dubs.id = dub_id
         WHERE place = 'public' AND name = ? AND until > ? AND state IN ('ready', 'used')
           AND phase NOT IN ('succeeded', 'failed', 'cancelled')",
    )
    .bind(token)
    .bind(now)
    .fetch_optional(db)
    .await?;
    Ok(id.map(UploadId))
}
