//! The only HTTP client of the page. Speaks the contract; decides nothing.

use contract::{Config, Dub, DubPage, Problem, Resubmit, routes};
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::de::DeserializeOwned;

use crate::browser::{clock, json};

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
    read(send(Request::get(routes::CONFIG).build()).await?).await?.body.ok_or(ApiError::Lost)
}

/// Asks for a dub by a [`contract::NewDub`] as JSON. Repeating it with the same key and body is harmless.
///
/// # Errors
/// As [`ApiError`].
pub async fn create(body: String, key: &str) -> Result<Dub, ApiError> {
    post(Request::post(routes::DUBS).header(routes::IDEMPOTENCY_KEY, key), body).await
}

/// Sends an unconfirmed dub once more.
///
/// # Errors
/// As [`ApiError`].
pub async fn resubmit(id: &str) -> Result<Dub, ApiError> {
    let body = serde_json::to_string(&Resubmit { accept_second_charge: true }).unwrap_or_default();
    post(Request::post(&routes::resubmit(id)), body).await
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
    read(send(request.build()).await?).await
}

/// A page of the visitor's dubs, newest first.
///
/// # Errors
/// As [`ApiError`].
pub async fn dubs(cursor: Option<&str>) -> Result<DubPage, ApiError> {
    let request = Request::get(routes::DUBS);
    let request = match cursor {
        Some(cursor) => request.query([("cursor", cursor)]),
        None => request,
    };
    read(send(request.build()).await?).await?.body.ok_or(ApiError::Lost)
}

async fn post(request: RequestBuilder, body: String) -> Result<Dub, ApiError> {
    let request = request.header("content-type", "application/json").body(body);
    read(send(request).await?).await?.body.ok_or(ApiError::Lost)
}

async fn send(request: Result<Request, gloo_net::Error>) -> Result<Response, ApiError> {
    request.map_err(|_| ApiError::Lost)?.send().await.map_err(|_| ApiError::Lost)
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<Answer<T>, ApiError> {
    let headers = response.headers();
    let (etag, server_ms) = (headers.get("etag"), headers.get("date").and_then(|date| clock::parse_ms(&date)));
    let text = response.text().await.map_err(|_| ApiError::Lost)?;
    let body = match response.status() {
        304 => None,
        200..300 => Some(json::read(&text).map_err(|_| ApiError::Lost)?),
        _ => return Err(json::read(&text).map_or(ApiError::Lost, |p| ApiError::Refused(Box::new(p)))),
    };
    Ok(Answer { body, etag, server_ms })
}
