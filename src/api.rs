//! The only HTTP client of the page. Speaks the contract; decides nothing.

use std::future::Future;
use std::pin::Pin;

use contract::{Config, Dub, DubPage, Problem, Resubmit, UploadKind, routes, upload};
use gloo_net::http::{Headers, Method, Request, RequestBuilder, Response};
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

use crate::browser::{clock, fetch::fetch, json, link, nap};
use crate::model::source::OwnFile;
use crate::model::upload::{Event, event_of, metadata};

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// Nothing came, or nothing that Redub would say: the network, or a gateway in between. May have reached the server.
    Lost,
    /// The server said no.
    Refused(Box<Problem>),
}

/// An answer, with what its headers tell.
#[derive(Debug, Clone)]
pub struct Answer<T> {
    /// What was asked for; `None` where the visitor's copy is still good.
    pub body: Option<T>,
    /// The version of what was asked for, to ask with next time.
    pub etag: Option<String>,
    /// The server's clock.
    pub server_ms: Option<i64>,
}

/// What the page must know of this server.
///
/// # Errors
/// As [`ApiError`].
pub async fn config() -> Result<Config, ApiError> {
    whole(send(Request::get(routes::CONFIG), None).await)
}

/// Asks for a dub by a [`contract::NewDub`] as JSON, or for a batch of `count` dubs. Repeating it with the same key and
/// body is harmless.
///
/// # Errors
/// As [`ApiError`].
pub async fn create(body: String, key: &str, count: usize) -> Result<Vec<Dub>, ApiError> {
    let path = if count == 1 { routes::DUBS } else { routes::BATCHES };
    let raw = send_json(Request::post(path).header(routes::IDEMPOTENCY_KEY, key), &body).await;
    if count == 1 {
        return Ok(vec![whole(raw)?]);
    }
    // A batch has all that a page of dubs must have.
    Ok(page(raw)?.dubs)
}

/// Sends an unconfirmed dub once more.
///
/// # Errors
/// As [`ApiError`].
pub async fn resubmit(id: &str) -> Result<Dub, ApiError> {
    let body = serde_json::to_string(&Resubmit { accept_second_charge: true }).unwrap_or_default();
    whole(send_json(Request::post(&routes::resubmit(id)), &body).await)
}

/// Cancels a dub, or has the provider asked to.
///
/// # Errors
/// As [`ApiError`].
pub async fn cancel(id: &str) -> Result<Dub, ApiError> {
    whole(send(Request::post(&routes::cancel(id)), None).await)
}

/// Deletes a dub; one that is not there is. Sent on when the page is left.
///
/// # Errors
/// As [`ApiError`].
pub async fn delete(id: &str) -> Result<(), ApiError> {
    let request = Request::delete(&routes::dub(id));
    let raw = send_within(request, None, nap::PATIENCE_MS, true).await.ok_or(ApiError::Lost)?;
    if matches!(raw.status, 204 | 404) { Ok(()) } else { Err(refusal(&raw.text)) }
}

/// One dub, unless the copy of version `etag` is still good.
///
/// # Errors
/// As [`ApiError`].
pub async fn dub(id: &str, etag: Option<&str>) -> Result<Answer<Dub>, ApiError> {
    let request = Request::get(&routes::dub(id));
    let request = match etag {
        Some(etag) => request.header("if-none-match", etag),
        None => request,
    };
    read(send(request, None).await)
}

/// A page of the visitor's dubs, newest first.
///
/// # Errors
/// As [`ApiError`].
pub async fn dubs(cursor: Option<&str>) -> Result<DubPage, ApiError> {
    let path = match cursor {
        Some(cursor) => [routes::DUBS, "?cursor=", &link::encode(cursor)].concat(),
        None => routes::DUBS.to_owned(),
    };
    page(send(Request::get(&path), None).await)
}

/// Asks the server to begin an upload; gives its id.
///
/// # Errors
/// What it means for the upload.
pub async fn begin_upload(file: &OwnFile, kind: UploadKind) -> Result<String, Event> {
    let request = tus(Request::post(routes::UPLOADS))
        .header("upload-length", &file.bytes.to_string())
        .header("upload-metadata", &metadata(kind.as_str(), &file.name));
    let raw = send(request, None).await.ok_or(Event::Broke)?;
    let location = if raw.status == 201 { raw.headers.get("location") } else { None };
    let id = location.as_deref().and_then(|location| location.rsplit('/').next()).filter(|id| !id.is_empty());
    id.map(str::to_owned).ok_or_else(|| told(Some(raw)))
}

/// Asks how much of an upload has arrived.
pub async fn ask_upload(id: &str) -> Event {
    told(send(tus(RequestBuilder::new(&routes::upload(id)).method(Method::HEAD)), None).await)
}

/// Sends the next bytes of an upload; no answer for `patience_ms` is none.
pub async fn send_piece(id: &str, offset: u64, piece: JsValue, patience_ms: u32) -> Event {
    let request = tus(Request::patch(&routes::upload(id)))
        .header("upload-offset", &offset.to_string())
        .header("content-type", upload::OFFSET_OCTET_STREAM);
    told(send_within(request, Some(piece), patience_ms, false).await)
}

/// Ends an upload that nobody needs; one that cannot be reached expires by itself.
pub async fn end_upload(id: &str) {
    send(tus(Request::delete(&routes::upload(id))), None).await;
}

fn tus(request: RequestBuilder) -> RequestBuilder {
    request.header("tus-resumable", upload::TUS_VERSION)
}

fn told(raw: Option<Raw>) -> Event {
    let Some(raw) = raw else { return Event::Broke };
    let offset = raw.headers.get("upload-offset").and_then(|offset| u64::try_from(offset.parse::<i64>().ok()?).ok());
    event_of(raw.status, offset, json::read(&raw.text).ok())
}

/// What came back, not yet read.
struct Raw {
    status: u16,
    text: String,
    headers: Headers,
}

/// Sends a request that is answered soon.
fn send(request: RequestBuilder, body: Option<JsValue>) -> Pin<Box<dyn Future<Output = Option<Raw>>>> {
    send_within(request, body, nap::PATIENCE_MS, false)
}

/// Sends a request; one that `outlives` its page goes on when that is left. Boxed, so that whoever waits for it does not carry it along as code of its own.
fn send_within(
    request: RequestBuilder,
    body: Option<JsValue>,
    patience_ms: u32,
    outlives: bool,
) -> Pin<Box<dyn Future<Output = Option<Raw>>>> {
    Box::pin(async move {
        let request = request.abort_signal(Some(&nap::patience(patience_ms)));
        let request = match body {
            Some(body) => request.body(body),
            None => request.build(),
        };
        let response = Response::from(fetch(&request.ok()?.into(), outlives).await?);
        Some(Raw { status: response.status(), text: response.text().await.ok()?, headers: response.headers() })
    })
}

/// Sends a request with a JSON text.
fn send_json(request: RequestBuilder, body: &str) -> Pin<Box<dyn Future<Output = Option<Raw>>>> {
    send(request.header("content-type", "application/json"), Some(body.into()))
}

fn read<T: DeserializeOwned>(raw: Option<Raw>) -> Result<Answer<T>, ApiError> {
    let Some(raw) = raw else { return Err(ApiError::Lost) };
    let body = match raw.status {
        304 => None,
        200..300 => Some(json::read(&raw.text).map_err(|_| ApiError::Lost)?),
        _ => return Err(refusal(&raw.text)),
    };
    let server_ms = raw.headers.get("date").and_then(|date| clock::parse_ms(&date));
    Ok(Answer { body, etag: raw.headers.get("etag"), server_ms })
}

fn whole<T: DeserializeOwned>(raw: Option<Raw>) -> Result<T, ApiError> {
    read(raw)?.body.ok_or(ApiError::Lost)
}

/// Once in the wasm, however many ask for one.
#[inline(never)]
fn page(raw: Option<Raw>) -> Result<DubPage, ApiError> {
    whole(raw)
}

fn refusal(text: &str) -> ApiError {
    json::read(text).map_or(ApiError::Lost, |problem| ApiError::Refused(Box::new(problem)))
}
