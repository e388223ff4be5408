//! The only HTTP client of the page. Speaks the contract; decides nothing.

use std::future::Future;
use std::pin::Pin;

use contract::{Config, Dub, DubPage, Problem, Resubmit, routes};
use gloo_net::http::{Request, RequestBuilder};
use serde::de::DeserializeOwned;

use crate::browser::{clock, json, link, nap};

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

/// Asks for a dub by a [`contract::NewDub`] as JSON. Repeating it with the same key and body is harmless.
///
/// # Errors
/// As [`ApiError`].
pub async fn create(body: String, key: &str) -> Result<Dub, ApiError> {
    whole(send(Request::post(routes::DUBS).header(routes::IDEMPOTENCY_KEY, key), Some(body)).await)
}

/// Sends an unconfirmed dub once more.
///
/// # Errors
/// As [`ApiError`].
pub async fn resubmit(id: &str) -> Result<Dub, ApiError> {
    let body = serde_json::to_string(&Resubmit { accept_second_charge: true }).unwrap_or_default();
    whole(send(Request::post(&routes::resubmit(id)), Some(body)).await)
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
    whole(send(Request::get(&path), None).await)
}

/// What came back, not yet read.
struct Raw {
    status: u16,
    text: String,
    etag: Option<String>,
    server_ms: Option<i64>,
}

/// Sends a request. Boxed, so that whoever waits for it does not carry it along as code of its own.
fn send(request: RequestBuilder, body: Option<String>) -> Pin<Box<dyn Future<Output = Option<Raw>>>> {
    Box::pin(async move {
        let request = request.abort_signal(Some(&nap::patience()));
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(body),
            None => request.build(),
        };
        let response = request.ok()?.send().await.ok()?;
        let headers = response.headers();
        let server_ms = headers.get("date").and_then(|date| clock::parse_ms(&date));
        Some(Raw { status: response.status(), text: response.text().await.ok()?, etag: headers.get("etag"), server_ms })
    })
}

fn read<T: DeserializeOwned>(raw: Option<Raw>) -> Result<Answer<T>, ApiError> {
    let Some(raw) = raw else { return Err(ApiError::Lost) };
    let body = match raw.status {
        304 => None,
        200..300 => Some(json::read(&raw.text).map_err(|_| ApiError::Lost)?),
        _ => return Err(refusal(&raw.text)),
    };
    Ok(Answer { body, etag: raw.etag, server_ms: raw.server_ms })
}

fn whole<T: DeserializeOwned>(raw: Option<Raw>) -> Result<T, ApiError> {
    read(raw)?.body.ok_or(ApiError::Lost)
}

fn refusal(text: &str) -> ApiError {
    json::read(text).map_or(ApiError::Lost, |problem| ApiError::Refused(Box::new(problem)))
}
