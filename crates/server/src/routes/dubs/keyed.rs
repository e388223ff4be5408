//! A request that may come twice, and the `Idempotency-Key` by which it is known again.

use axum::{extract::Request, http::HeaderMap};
use contract::{FieldCode, FieldError, limits::IDEMPOTENCY_KEY_MAX_BYTES, routes::IDEMPOTENCY_KEY};
use serde_json::Value;

use super::body;
use crate::{error::ApiError, store::Idempotency};

/// What the request is known by, if by anything; or what is wrong with that, which is told with all that is wrong in the body.
type Key = Result<Option<Idempotency>, FieldError>;

/// The key, and a body of at most `max_bytes`.
pub(super) async fn read(max_bytes: usize, request: Request) -> Result<(Key, Value), ApiError> {
    let key = idempotency_key(request.headers());
    let body = body::read_json_within(max_bytes, request).await?;
    Ok((key.map(|key| key.map(|key| Idempotency { key, body_hash: body.sha256 })), body.value))
}

/// The key and the request, or everything that is wrong with either.
pub(super) fn both<K, V>(key: Result<K, FieldError>, valid: Result<V, ApiError>) -> Result<(K, V), ApiError> {
    match (key, valid) {
        (Ok(key), Ok(valid)) => Ok((key, valid)),
        (Err(error), Err(ApiError::Invalid(errors))) => {
            Err(ApiError::Invalid(errors.into_iter().chain([error]).collect()))
        }
        (_, Err(error)) => Err(error),
        (Err(error), Ok(_)) => Err(ApiError::Invalid(vec![error])),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, FieldError> {
    let refuse = |code, detail: &str| FieldError { field: IDEMPOTENCY_KEY.into(), code, detail: detail.into() };
    let Some(key) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    match std::str::from_utf8(key.as_bytes()) {
        Ok("") => Err(refuse(FieldCode::Required, "An Idempotency-Key must not be empty.")),
        Ok(key) if key.len() > IDEMPOTENCY_KEY_MAX_BYTES => {
            Err(refuse(FieldCode::TooLong, "An Idempotency-Key has at most 255 bytes."))
        }
        Ok(key) => Ok(Some(key.to_owned())),
        Err(_) => Err(refuse(FieldCode::BadCharacter, "An Idempotency-Key must be UTF-8.")),
    }
}
