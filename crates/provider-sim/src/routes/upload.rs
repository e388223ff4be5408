//! Presigned uploads: ask for a place, PUT the bytes there without a key, delete them.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::account::{self, Account};
use crate::refusal::Refusal;
use crate::state::{Shared, Sim, count};
use crate::storage::{LARGEST_BYTES, StoredFile, TOKEN_HEADER};

/// What a presign asks for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    content_type: String,
    file_type: String,
    expires_in_seconds: Option<i64>,
}

const KEPT_SECONDS: std::ops::RangeInclusive<i64> = 60..=365 * 86_400;
const KEPT_BY_DEFAULT: i64 = 180 * 86_400;

pub(super) async fn presign(State(sim): Shared, _: Account, body: axum::body::Bytes) -> Result<Json<Value>, Refusal> {
    let request: Request = serde_json::from_slice(&body).map_err(|error| Refusal::invalid(error.to_string()))?;
    let (class, _) = request.content_type.split_once('/').unwrap_or_default();
    let fits = match request.file_type.as_str() {
        known @ ("image" | "video" | "audio") => class == known,
        "other" => !class.is_empty(),
        _ => return Err(Refusal::invalid("file_type must be one of image, video, audio, other")),
    };
    if !fits {
        return Err(Refusal::invalid("content_type does not belong to file_type"));
    }
    let kept = request.expires_in_seconds.unwrap_or(KEPT_BY_DEFAULT);
    if !KEPT_SECONDS.contains(&kept) {
        return Err(Refusal::invalid("expires_in_seconds must be from 60 to 31536000"));
    }
    let file = StoredFile::new(request.content_type, OffsetDateTime::now_utc(), Duration::seconds(kept));
    let answer = json!({
        "id": file.id,
        "presigned_url": format!("{}/storage/upload/{}?token={}", sim.base, file.name(), file.token),
        "public_url": public_url(&sim, &file),
        "expires_at": file.upload_until.format(&Rfc3339).unwrap_or_default(),
        "required_headers": { "Content-Type": file.content_type, TOKEN_HEADER: file.check },
    });
    sim.storage.add(file).await.map_err(|error| Refusal::internal(error.to_string()))?;
    Ok(Json(answer))
}

fn public_url(sim: &Sim, file: &StoredFile) -> String {
    format!("{}/storage/public/{}", sim.base, file.name())
}

#[derive(Deserialize)]
pub(super) struct Signature {
    token: Option<String>,
}

/// As object storage does it: every signed header must be there, and the length must be known beforehand.
pub(super) async fn put(
    State(sim): Shared,
    Path(name): Path<String>,
    Query(signature): Query<Signature>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, Refusal> {
    if account::key(&headers).is_some() {
        count(&sim.counters.keys_sent_to_storage);
    }
    let file = sim.storage.get(&name).ok_or_else(|| Refusal::not_found("upload"))?;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let token = signature.token.as_deref().unwrap_or_default();
    file.may_be_written(OffsetDateTime::now_utc(), token, header)
        .map_err(|why| Refusal::new(StatusCode::FORBIDDEN, "Forbidden", why))?;
    let length = header(header::CONTENT_LENGTH.as_str()).and_then(|length| length.parse::<u64>().ok());
    match length {
        None => Err(Refusal::new(StatusCode::LENGTH_REQUIRED, "Content-Length is required", "")),
        Some(length) if length > LARGEST_BYTES => {
            Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The file is larger than 100 MB", ""))
        }
        Some(_) => {
            let stored = sim.storage.write(&file, body.into_data_stream()).await;
            stored.map_err(|error| Refusal::internal(error.to_string())).map(|()| StatusCode::OK)
        }
    }
}

/// 204 also for what is gone; 409 while a prediction that runs was given this file.
pub(super) async fn delete(State(sim): Shared, _: Account, Path(id): Path<String>) -> Result<StatusCode, Refusal> {
    let Some(file) = sim.storage.get(&id) else { return Ok(StatusCode::NO_CONTENT) };
    let url = public_url(&sim, &file);
    let in_use = sim.book().predictions.values().filter(|prediction| prediction.is_running()).any(|prediction| {
        let input = &prediction.input;
        [Some(&input.video), Some(&input.audio), input.mask_image.as_ref()]
            .into_iter()
            .flatten()
            .any(|u| u.as_str() == url)
    });
    if in_use {
        return Err(Refusal::new(StatusCode::CONFLICT, "The file is still being processed", ""));
    }
    sim.storage.remove(&file).await.map_err(|error| Refusal::internal(error.to_string()))?;
    Ok(StatusCode::NO_CONTENT)
}
