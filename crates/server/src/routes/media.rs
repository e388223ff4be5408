//! `GET /media/{id}/{name}`: a stored result, for its owner only, in whole or in parts.
//!
//! Reading and ranges are tower-http's; what names the file's state (its hash, not its time) and how a browser may
//! treat it is decided here.

mod disposition;

use std::{io, sync::Arc};

use axum::{
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use contract::DubId;
use tower_http::services::ServeFile;
use url::form_urlencoded;

use super::{App, has_already, header_value};
use crate::{error::ApiError, visitor};

/// What runs nothing, wherever a browser opens it.
const SANDBOX: &str = "sandbox";

/// Serves it.
///
/// # Errors
/// Not found, unless the visitor owns the dub and its result has this name.
pub async fn get(
    State(app): State<Arc<App>>,
    Path((id, name)): Path<(String, String)>,
    mut request: Request,
) -> Result<Response, ApiError> {
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
    prepare(request.headers_mut(), &etag);
    let mut file = ServeFile::new(app.media.path(&id, &result.file_name)).ignore_multi_range_requests(true);
    let mut response = file.try_call(request).await.map_err(missing)?.map(Body::new).into_response();
    if response.status() == StatusCode::NOT_FOUND {
        return Err(missing(io::ErrorKind::NotFound.into()));
    }
    response.headers_mut().remove(header::LAST_MODIFIED);
    // A range that cannot be had is answered without content, and so without a type.
    if response.status() != StatusCode::RANGE_NOT_SATISFIABLE {
        headers.insert(header::CONTENT_TYPE, header_value(&result.content_type));
    }
    response.headers_mut().extend(headers);
    Ok(response)
}

/// Leaves of the conditions only what still holds: tower-http would compare them with the file's time.
fn prepare(headers: &mut HeaderMap, etag: &str) {
    for condition in [header::IF_MATCH, header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE, header::IF_UNMODIFIED_SINCE] {
        headers.remove(condition);
    }
    // RFC 9110, section 13.1.5: a part of something else is of no use, so all of it is sent.
    if headers.remove(header::IF_RANGE).is_some_and(|given| given.as_bytes() != etag.as_bytes()) {
        headers.remove(header::RANGE);
    }
}

fn wants_download(query: Option<&str>) -> bool {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).any(|(name, _)| name == "download")
}

fn missing(error: io::Error) -> ApiError {
    ApiError::Internal(Box::new(error))
}
