//! `GET /media/{id}/{name}`: a stored result, for its owner only, in whole or in parts; and a file for the provider.
//!
//! What names the file's state (its hash, not its time) and how a browser may treat it is decided here.

mod disposition;
mod send;
mod staged;

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use contract::DubId;
use url::form_urlencoded;

use super::{App, has_already, header_value};
use crate::{dispatch::TOKEN_PREFIX, error::ApiError, media::result_key, visitor};

/// What runs nothing, wherever a browser opens it.
const SANDBOX: &str = "sandbox";

/// Serves it.
///
/// # Errors
/// Not found, unless the visitor owns the dub and its result has this name, or the id is a token that opens a file.
pub async fn get(
    State(app): State<Arc<App>>,
    Path((id, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, ApiError> {
    if id.starts_with(TOKEN_PREFIX) {
        return staged::get(&app, &id, &name, request.method(), request.headers()).await;
    }
    let (owner, id) = (visitor::owner(request.headers()).ok_or(ApiError::NotFound)?, DubId(id));
    let result = app.store.result(&owner, &id).await?.filter(|result| result.file_name == name);
    let result = result.ok_or(ApiError::NotFound)?;
    let etag = format!("\"{}\"", result.sha256);
    let mut headers: HeaderMap = [
        (header::ETAG, header_value(&etag)),
        (header::CACHE_CONTROL, header_value("private, no-cache")),
        (header::VARY, header_value("cookie")),
        (header::CONTENT_SECURITY_POLICY, header_value(SANDBOX)),
    ]
    .into_iter()
    .collect();
    if has_already(request.headers(), &etag) {
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    if wants_download(request.uri().query()) {
        let label = app.store.dub(&owner, &id).await?.and_then(|stored| stored.dub.label);
        headers.insert(header::CONTENT_DISPOSITION, header_value(&disposition::attachment(label.as_deref(), &name)));
    }
    let (key, method) = (result_key(&id, &result.file_name), request.method());
    let mut response = send::send(&app.storage, &key, &etag, method, request.headers()).await?;
    // A range that cannot be had is answered without content, and so without a type.
    if response.status() != StatusCode::RANGE_NOT_SATISFIABLE {
        headers.insert(header::CONTENT_TYPE, header_value(&result.content_type));
    }
    response.headers_mut().extend(headers);
    Ok(response)
}

fn wants_download(query: Option<&str>) -> bool {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).any(|(name, _)| name == "download")
}
