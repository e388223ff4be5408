//! Uploads, and which dubs need them.

use std::time::Duration;

use contract::{DubId, DubInput, Media, UploadKind, UploadLimits};
use sqlx::{FromRow, SqliteConnection};

use crate::{
    clock::Moment,
    store::{Begun, Disowned, KEPT_UNCONFIRMED, Owner, StoreError, Upload, UploadContent, UploadId},
};

#[derive(FromRow)]
struct UploadRow {
    id: String,
    owner: String,
    declared_kind: Option<String>,
    metadata: Option<String>,
    file_name: String,
    length_bytes: i64,
    expires_at: Moment,
    kind: Option<String>,
    extension: Option<String>,
    content_type: Option<String>,
    storage_key: Option<String>,
    duration_ms: Option<u32>,
}

impl UploadRow {
    fn into_upload(self) -> Result<Upload, StoreError> {
        let content = match (self.kind, self.extension, self.content_type, self.storage_key) {
            (Some(name), Some(extension), Some(content_type), Some(storage_key)) => {
                let duration_ms = self.duration_ms.map(u64::from);
                Some(UploadContent { kind: kind(&name)?, extension, content_type, storage_key, duration_ms })
            }
            _ => None,
        };
        Ok(Upload {
            id: UploadId(self.id),
            owner: Owner(self.owner),
            declared_kind: self.declared_kind.as_deref().map(kind).transpose()?,
            metadata: self.metadata,
            file_name: self.file_name,
            length_bytes: u64::try_from(self.length_bytes).map_err(|error| StoreError::Corrupt(error.into()))?,
            expires_at: self.expires_at,
            content,
        })
    }
}

fn kind(name: &str) -> Result<UploadKind, StoreError> {
    UploadKind::from_name(name).ok_or_else(|| StoreError::Corrupt(format!("there is no kind {name:?}").into()))
}

macro_rules! select_upload {
    ($rest:literal) => {
        concat!(
            "SELECT id, owner, declared_kind, metadata, file_name, length_bytes, expires_at, kind, extension, content_type,
                    storage_key, duration_ms
             FROM uploads ",
            $rest
        )
    };
}

pub(super) async fn begin(
    db: &mut SqliteConnection,
    new: Upload,
    quota: UploadLimits,
    now: Moment,
) -> Result<Begun, StoreError> {
    let (files, bytes, first_goes_at): (u32, i64, Option<Moment>) =
        sqlx::query_as("SELECT count(*), coalesce(sum(length_bytes), 0), min(expires_at) FROM uploads WHERE owner = ?")
            .bind(&new.owner.0)
            .fetch_one(&mut *db)
            .await?;
    let bytes_with_it = u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(new.length_bytes);
    if files >= quota.max_files || bytes_with_it > quota.max_total_bytes {
        return Ok(Begun::QuotaUsedUp(first_goes_at.unwrap_or(now)));
    }
    sqlx::query(
        "INSERT INTO uploads (id, owner, declared_kind, metadata, file_name, length_bytes, created_at, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&new.id.0)
    .bind(&new.owner.0)
    .bind(new.declared_kind.map(UploadKind::as_str))
    .bind(&new.metadata)
    .bind(&new.file_name)
    .bind(i64::try_from(new.length_bytes).unwrap_or(i64::MAX))
    .bind(now)
    .bind(new.expires_at)
    .execute(db)
    .await?;
    Ok(Begun::New)
}

pub(super) async fn find(
    db: &mut SqliteConnection,
    owner: &Owner,
    id: &UploadId,
) -> Result<Option<Upload>, StoreError> {
    let row: Option<UploadRow> = sqlx::query_as(select_upload!("WHERE id = ? AND owner = ?"))
        .bind(&id.0)
        .bind(&owner.0)
        .fetch_optional(db)
        .await?;
    row.map(UploadRow::into_upload).transpose()
}

pub(super) async fn any(db: &mut SqliteConnection, id: &UploadId) -> Result<Option<Upload>, StoreError> {
    let row: Option<UploadRow> = sqlx::query_as(select_upload!("WHERE id = ?")).bind(&id.0).fetch_optional(db).await?;
    row.map(UploadRow::into_upload).transpose()
}

pub(super) async fn announce_key(db: &mut SqliteConnection, id: &UploadId, key: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE uploads SET keeping_key = ? WHERE id = ?").bind(key).bind(&id.0).execute(db).await?;
    Ok(())
}

pub(super) async fn finish(
    db: &mut SqliteConnection,
    id: &UploadId,
    content: UploadContent,
    kept: Duration,
    now: Moment,
) -> Result<bool, StoreError> {
    let done = sqlx::query(
        "UPDATE uploads SET kind = ?, extension = ?, content_type = ?, storage_key = ?, duration_ms = ?, expires_at = ?,
                            kept_ms = ?
         WHERE id = ? AND kind IS NULL AND owner <> ''",
    )
    .bind(content.kind.as_str())
    .bind(content.extension)
    .bind(content.content_type)
    .bind(content.storage_key)
    .bind(content.duration_ms.and_then(|length| u32::try_from(length).ok()))
    .bind(now + kept)
    .bind(i64::try_from(kept.as_millis()).unwrap_or(i64::MAX))
    .bind(&id.0)
    .execute(db)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Whether a dub needs the upload; `?1` is now, `?2` since when a dub may be unconfirmed.
macro_rules! needed {
    () => {
        "EXISTS (SELECT 1 FROM dub_uploads JOIN dubs ON dubs.id = dub_id WHERE upload_id = uploads.id
                 AND phase NOT IN ('succeeded', 'failed', 'cancelled') AND (phase <> 'unconfirmed' OR updated_at > ?2))"
    };
}

/// Takes an upload from its owner; only if it is over, where `only_over`.
pub(super) async fn disown(
    db: &mut SqliteConnection,
    id: &UploadId,
    only_over: bool,
    now: Moment,
) -> Result<Disowned, StoreError> {
    let found: Option<(Option<String>, bool)> = sqlx::query_as(concat!(
        "SELECT coalesce(storage_key, keeping_key), ",
        needed!(),
        " FROM uploads WHERE id = ?3 AND (NOT ?4 OR expires_at <= ?1 OR owner = '')"
    ))
    .bind(now)
    .bind(now - KEPT_UNCONFIRMED)
    .bind(&id.0)
    .bind(only_over)
    .fetch_optional(&mut *db)
    .await?;
    match found {
        None => Ok(Disowned::NotFound),
        Some((_, true)) => Ok(Disowned::InUse),
        Some((key, false)) => {
            sqlx::query("UPDATE uploads SET owner = '', expires_at = 0 WHERE id = ?").bind(&id.0).execute(db).await?;
            Ok(Disowned::Done(key))
        }
    }
}

pub(super) async fn forget(db: &mut SqliteConnection, id: &UploadId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM uploads WHERE id = ? AND owner = ''").bind(&id.0).execute(db).await?;
    Ok(())
}

pub(super) async fn expired(
    db: &mut SqliteConnection,
    after: Option<&UploadId>,
    limit: u32,
    now: Moment,
) -> Result<Vec<UploadId>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar(concat!(
        "SELECT id FROM uploads WHERE expires_at <= ?1 AND id > ?3 AND NOT ",
        needed!(),
        " ORDER BY id LIMIT ?4"
    ))
    .bind(now)
    .bind(now - KEPT_UNCONFIRMED)
    .bind(after.map_or("", |id| id.0.as_str()))
    .bind(limit)
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().map(UploadId).collect())
}

pub(super) async fn arriving(db: &mut SqliteConnection) -> Result<Vec<UploadId>, StoreError> {
    let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM uploads WHERE kind IS NULL").fetch_all(db).await?;
    Ok(ids.into_iter().map(UploadId).collect())
}

/// The uploads that `input` names.
fn named(input: &DubInput) -> impl Iterator<Item = &String> {
    [Some(&input.video), Some(&input.audio), input.mask_image.as_ref()].into_iter().flatten().filter_map(|media| {
        match media {
            Media::UploadId(id) => Some(id),
            Media::Url(_) => None,
        }
    })
}

/// Whether every upload that `input` names is there, whole and the owner's.
pub(super) async fn has_all(db: &mut SqliteConnection, owner: &Owner, input: &DubInput) -> Result<bool, StoreError> {
    for id in named(input) {
        let is_there: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM uploads WHERE id = ? AND owner = ? AND kind IS NOT NULL)")
                .bind(id)
                .bind(&owner.0)
                .fetch_one(&mut *db)
                .await?;
        if !is_there {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Notes that the dub `id` is made from the uploads that `input` names.
pub(super) async fn link(
    db: &mut SqliteConnection,
    id: &DubId,
    input: &DubInput,
    now: Moment,
) -> Result<(), StoreError> {
    for upload in named(input) {
        sqlx::query("INSERT INTO dub_uploads (dub_id, upload_id) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .bind(&id.0)
            .bind(upload)
            .execute(&mut *db)
            .await?;
        sqlx::query("UPDATE uploads SET expires_at = max(expires_at, ? + kept_ms) WHERE id = ?")
            .bind(now)
            .bind(upload)
            .execute(&mut *db)
            .await?;
    }
    Ok(())
}
