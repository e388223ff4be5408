//! Who asks: the key of a request, in either of the two headers. Keys are kept only as a hash.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::hash::short_hex;
use crate::refusal::Refusal;
use crate::state::Sim;

/// The first 16 hex digits of the key's SHA-256: limits are counted by it and the journal names it.
#[derive(Debug, Clone)]
pub(crate) struct Account(pub(crate) String);

impl FromRequestParts<Arc<Sim>> for Account {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, sim: &Arc<Sim>) -> Result<Self, Refusal> {
        let key = key(&parts.headers).filter(|key| sim.options.key.as_deref().is_none_or(|wanted| wanted == *key));
        key.map(|key| Self(short_hex(&Sha256::digest(key)))).ok_or_else(|| {
            Refusal::new(StatusCode::UNAUTHORIZED, "Unauthorized", "X-API-Key is missing or not a key we know")
        })
    }
}

/// The key as sent in `X-API-Key`, else in `Authorization: Bearer`.
pub(crate) fn key(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let bearer = || text(header::AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix("Bearer "));
    text("x-api-key").or_else(bearer).map(str::trim).filter(|key| !key.is_empty())
}
