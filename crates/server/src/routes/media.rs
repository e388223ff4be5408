//! `GET /media/{id}/{name}`: a stored result or a whole upload, for its owner only, in whole or in parts; and a file for
//! the provider.
//!
//! What names the file's state (never its time) and how a browser may treat it is decided here.

mod disposition;
mod naming;
mod send;
mod staged;

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use contract::{Code, DubId, Problem};
use url::form_urlencoded;

use super::{App, has_already, header_value};
use crate::{
    clock::Moment,
    dispatch::{TOKEN_PREFIX, result_missing},
    error::ApiError,
    media::result_key,
    storage::StorageError,
    store::{Owner, RESULT_NAME, Upload, UploadId},
    visitor,
};

/// What runs nothing, wherever a browser opens it.
const SANDBOX: &str = "sandbox";

/// A file that its owner asks for.
struct Asked {
    key: String,
    content_type: String,
    /// What changes when the bytes do.
    state: String,
    /// The dub whose result it is.
    dub: Option<DubId>,
    /// What a download is called, and the file name whose extension it has.
    label: Option<String>,
    name: String,
}

/// Serves it.
///
/// # Errors
/// Not found, unless the visitor owns the dub and its result has this name, or owns the upload, under any name; or the id
/// is a token that opens a file. Gone, when the dub had a result that is not kept any more.
pub async fn get(
    State(app): State<Arc<App>>,
    Path((id, name)): Path<(String, String)>,
    request: Request,
) -> Result<Response, ApiError> {
    if id.starts_with(TOKEN_PREFIX) {
        return staged::get(&app, &id, &name, request.method(), request.headers()).await;
    }
    let owner = visitor::owner(request.headers()).ok_or(ApiError::NotFound)?;
    let asked = match result(&app, &owner, DubId(id.clone()), &name).await? {
        Some(asked) => Some(asked),
        None => upload(&app, &owner, UploadId(id)).await?,
    };
    let asked = asked.ok_or(ApiError::NotFound)?;
    let etag = format!("\"{}\"", asked.state);
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
        let disposition = disposition::attachment(asked.label.as_deref(), &asked.name);
        headers.insert(header::CONTENT_DISPOSITION, header_value(&disposition));
    }
    let sent = send::send(&app.storage, &asked.key, &etag, request.method(), request.headers()).await;
    if let (Err(StorageError::NotFound), Some(dub)) = (&sent, &asked.dub) {
        return Err(missing(&app, &owner, dub, &asked.name).await?);
    }
    let mut response = sent?;
    // A range that cannot be had is answered without content, and so without a type.
    if response.status() != StatusCode::RANGE_NOT_SATISFIABLE {
        headers.insert(header::CONTENT_TYPE, header_value(&asked.content_type));
    }
    response.headers_mut().extend(headers);
    Ok(response)
}

async fn result(app: &App, owner: &Owner, id: DubId, name: &str) -> Result<Option<Asked>, ApiError> {
    let Some(result) = app.store.result(owner, &id).await?.filter(|result| result.file_name == name) else {
        return gone(app, owner, &id, name).await?.map_or(Ok(None), Err);
    };
    let label = match app.store.dub(owner, &id).await? {
        Some(stored) => Some(naming::title(app, owner, &stored.dub).await?),
        None => None,
    };
    Ok(Some(Asked {
        key: result_key(&id, &result.file_name),
        content_type: result.content_type,
        state: result.sha256,
        label,
        dub: Some(id),
        name: result.file_name,
    }))
}

/// What the owner of a dub is told whose result is not kept any more.
async fn gone(app: &App, owner: &Owner, id: &DubId, name: &str) -> Result<Option<ApiError>, ApiError> {
    let problem = app.store.dub(owner, id).await?.and_then(|stored| stored.dub.problem);
    let is_gone = |problem: &Problem| name == RESULT_NAME && problem.code == Code::ResultGone;
    Ok(problem.filter(is_gone).map(|problem| ApiError::Gone(problem.detail)))
}

/// The file of a result is not where it should be. Its time may just have run out; else its dub says so from now on.
async fn missing(app: &App, owner: &Owner, id: &DubId, name: &str) -> Result<ApiError, ApiError> {
    if app.store.lose_result(id, result_missing(), Moment::now()).await? {
        tracing::error!(dub = %id, "the file of a result is missing");
    }
    Ok(gone(app, owner, id, name).await?.unwrap_or(ApiError::NotFound))
}

async fn upload(app: &App, owner: &Owner, id: UploadId) -> Result<Option<Asked>, ApiError> {
    let stored = app.store.upload(owner, &id).await?.and_then(Upload::into_stored);
    Ok(stored.map(|stored| Asked {
        key: stored.storage_key,
        content_type: stored.content_type,
        // Its bytes never change, and its id is never used again.
        state: stored.id.0,
        dub: None,
        label: Some(naming::stem(&stored.file_name).to_owned()),
        name: format!("upload.{}", stored.extension),
    }))
}

fn wants_download(query: Option<&str>) -> bool {
    form_urlencoded::parse(query.unwrap_or_default().as_bytes()).any(|(name, _)| name == "download")
}
