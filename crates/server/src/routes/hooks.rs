//! `POST /hooks/eachlabs/{token}`: what the provider says on its own. Whatever it says, a known token is answered with 204.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
};
use http_body_util::{BodyExt as _, Collected, Limited};

use super::App;
use crate::error::ApiError;

/// More than any documented call has. Of a larger one no more is known than that it came.
const MAX_BYTES: usize = 256 * 1024;
/// How long a body may take.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// Takes a call.
///
/// # Errors
/// Not found, unless the token is one of ours.
pub async fn eachlabs(
    State(app): State<Arc<App>>,
    Path(token): Path<String>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    let (parts, body) = request.into_parts();
    let body = tokio::time::timeout(READ_TIMEOUT, Limited::new(body, MAX_BYTES).collect()).await;
    let body = body.ok().and_then(Result::ok).map(Collected::to_bytes).unwrap_or_default();
    if app.hooks.call(&token, &parts.headers, &body).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::NotFound)
    }
}
