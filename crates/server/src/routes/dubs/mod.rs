//! `/api/dubs`: asking for a dub, and looking at one's own.

mod batch;
mod batch_body;
mod body;
mod change;
mod create;
mod keyed;
mod list;
mod uploads;

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use contract::{DubId, DubInput, ValidDub};
use serde_json::Value;

pub use batch::create as create_batch;
pub use change::{cancel, delete, resubmit};
pub use create::create;
pub use list::list;

use super::{App, has_already, header_value};
use crate::{
    error::ApiError,
    ids,
    store::{DubToInsert, Owner, StoredDub},
    visitor::Visitor,
};

/// `GET /api/dubs/{id}`.
///
/// # Errors
/// Not found, unless the visitor owns it.
pub async fn get(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let StoredDub { dub, .. } = app.store.dub(&owner, &DubId(id)).await?.ok_or(ApiError::NotFound)?;
    let body = serde_json::to_vec(&dub).map_err(|error| ApiError::Internal(Box::new(error)))?;
    // Of the answer, not of the dub's version: its place in the queue and why the queue waits change without it.
    let etag = format!("\"{}\"", ids::sha256_hex(&body));
    let caching = [
        (header::ETAG, header_value(&etag)),
        (header::CACHE_CONTROL, header_value("private, no-cache")),
        (header::VARY, header_value("cookie")),
    ];
    if has_already(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, caching).into_response());
    }
    Ok((caching, [(header::CONTENT_TYPE, header_value("application/json"))], body).into_response())
}

/// What is stored of a valid request. Where the visitor chose no seed, one is drawn here.
fn to_insert(valid: ValidDub, owner: Owner, estimate_s: u32) -> DubToInsert {
    let ValidDub { video, audio, label, prompt, resolution, mask_image, seed } = valid;
    let seed = seed.unwrap_or_else(ids::random_seed);
    DubToInsert {
        id: DubId(ids::random_id()),
        owner,
        label,
        input: DubInput { video, audio, prompt, resolution, mask_image, seed },
        estimate_s,
        idempotency: None,
    }
}

/// 202: it is on disk.
fn accepted(stored: StoredDub) -> Response {
    let location = header_value(&contract::routes::dub(&stored.dub.id.0));
    (StatusCode::ACCEPTED, [(header::LOCATION, location)], Json(stored.dub)).into_response()
}

/// What kind of JSON a value is, in the words of an error.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
