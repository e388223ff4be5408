//! A visitor's file for the provider: who has the token of a create may fetch it, without a cookie, until the dub is final.

use axum::{
    http::{HeaderMap, Method, StatusCode, header},
    response::Response,
};

use super::{App, SANDBOX, header_value, send};
use crate::{clock::Moment, error::ApiError};

/// Serves the file behind `token`, under any name with its true extension.
///
/// # Errors
/// Not found, unless the token is a waiting or running dub's.
pub(super) async fn get(
    app: &App,
    token: &str,
    name: &str,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let id = app.store.staged_upload(token, Moment::now()).await?.ok_or(ApiError::NotFound)?;
    let upload = app.store.stored_upload(&id).await?.ok_or(ApiError::NotFound)?;
    if name.rsplit_once('.').is_none_or(|(_, extension)| extension != upload.extension) {
        return Err(ApiError::NotFound);
    }
    let etag = format!("\"{id}\"");
    let mut response = send::send(&app.storage, &upload.storage_key, &etag, method, headers).await?;
    if response.status() != StatusCode::RANGE_NOT_SATISFIABLE {
        response.headers_mut().insert(header::CONTENT_TYPE, header_value(&upload.content_type));
    }
    response.headers_mut().extend([
        (header::CACHE_CONTROL, header_value("private, no-store")),
        (header::CONTENT_SECURITY_POLICY, header_value(SANDBOX)),
    ]);
    Ok(response)
}
