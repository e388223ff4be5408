//! `/api/uploads`: tus 1.0 with creation, termination and expiration
//! (<https://tus.io/protocols/resumable-upload>, read 2026-11-22).
//!
//! Here is what the protocol says; what an upload is, is in [`uploads`](crate::uploads).

mod headers;

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use contract::{routes, upload::TUS_VERSION};
use headers::{EXPIRES, EXTENSION, LENGTH, MAX_SIZE, METADATA, METHOD_OVERRIDE, OFFSET, VERSION};
pub use headers::{name_version, speak_tus};

use super::{App, header_value};
use crate::{
    clock::Moment,
    error::ApiError,
    store::UploadId,
    uploads::{Progress, SentBody},
    visitor::Visitor,
};

/// `OPTIONS`: what of tus is spoken here.
pub async fn options(State(app): State<Arc<App>>) -> Response {
    let max_size = app.uploads.limits().max_bytes.to_string();
    let headers =
        [(VERSION, TUS_VERSION), (EXTENSION, "creation,termination,expiration"), (MAX_SIZE, max_size.as_str())];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// `POST`: begins an upload.
///
/// # Errors
/// Whatever shows already that it could not become whole.
pub async fn create(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let upload = app.uploads.begin(owner, headers::wish(&headers)?, Moment::now()).await?;
    tracing::info!(upload = %upload.id, bytes = upload.length_bytes, "an upload begins");
    let answer = [
        (header::LOCATION, header_value(&routes::upload(&upload.id.0))),
        (EXPIRES, header_value(&upload.expires_at.http_date())),
    ];
    Ok((StatusCode::CREATED, answer).into_response())
}

/// `HEAD`: how far an upload is.
///
/// # Errors
/// Not found, unless the visitor owns it; and what is wrong with it, if that is only found now.
pub async fn progress(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let progress = app.uploads.progress(&owner, &UploadId(id), Moment::now()).await?;
    let mut headers = progress_headers(&progress);
    headers.insert(LENGTH, progress.upload.length_bytes.into());
    if let Some(metadata) = &progress.upload.metadata {
        headers.insert(METADATA, header_value(metadata));
    }
    Ok(headers.into_response())
}

/// `PATCH`: takes bytes.
///
/// # Errors
/// Why it did not go on; `HEAD` tells what has come.
pub async fn append(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let offset = headers::offset(request.headers())?;
    let body = SentBody { bytes: headers::body_bytes(request.headers()), body: request.into_body() };
    let progress = app.uploads.append(owner, UploadId(id), offset, body, Moment::now()).await?;
    Ok((StatusCode::NO_CONTENT, progress_headers(&progress)).into_response())
}

/// `DELETE`: removes an upload, arriving or whole.
///
/// # Errors
/// Not found, unless the visitor owns it; a conflict, while a dub needs it.
pub async fn remove(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    app.uploads.remove(&owner, &UploadId(id), Moment::now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST` to an upload: one of the other methods, for clients that cannot send it.
///
/// # Errors
/// Those of the method that is meant.
pub async fn overridden(
    app: State<Arc<App>>,
    visitor: Visitor,
    id: Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    match request.headers().get(METHOD_OVERRIDE).map(HeaderValue::as_bytes) {
        Some(b"PATCH") => append(app, visitor, id, request).await,
        Some(b"DELETE") => Ok(remove(app, visitor, id).await?.into_response()),
        Some(b"HEAD") => progress(app, visitor, id).await,
        _ => Err(ApiError::MethodNotAllowed),
    }
}

fn progress_headers(progress: &Progress) -> HeaderMap {
    [(OFFSET, progress.offset.into()), (EXPIRES, header_value(&progress.upload.expires_at.http_date()))]
        .into_iter()
        .collect()
}
