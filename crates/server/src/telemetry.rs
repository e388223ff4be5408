//! What is logged: one line a request and one a dub's step, with ids. Never a body, a query, a cookie or a key.
//!
//! Also names each request, and writes its name into the problems it is answered with.

use std::{error::Error, fmt::Write as _, io::IsTerminal as _, time::Instant};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use contract::{Problem, routes};
use tracing::Instrument as _;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    config::{LogConfig, LogFormat},
    dispatch::{HOOK_PREFIX, TOKEN_PREFIX},
    ids,
};

const REQUEST_ID: HeaderName = HeaderName::from_static(routes::REQUEST_ID);

/// Starts logging to standard error. A second call changes nothing.
pub fn init(log: &LogConfig) {
    let lines =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let registry = tracing_subscriber::registry().with(EnvFilter::new(&log.filter));
    let _ = match log.format {
        LogFormat::Text => registry.with(lines).try_init(),
        LogFormat::Json => registry.with(lines.json().flatten_event(true)).try_init(),
    };
}

/// Whether [`init`] takes this filter.
pub fn is_filter(filter: &str) -> bool {
    EnvFilter::try_new(filter).is_ok()
}

/// An error with everything that caused it, in one line.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let _ = write!(line, ": {error}");
        cause = error.source();
    }
    line
}

/// Names the request, logs how it was answered, and gives its problem, if it was answered with one, this name.
pub async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let span = tracing::info_span!("request", request_id = %id, method = %request.method(), path = loggable(request.uri().path()));
    let mut response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| {
        let latency_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), latency_ms, "answered");
    });
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        write_problem(&mut response, &Problem { request_id: id.clone(), ..problem });
    }
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// A path without the token that may stand in it: whoever reads the log must not fetch what it opens.
fn loggable(path: &str) -> &str {
    if path.starts_with(HOOK_PREFIX) {
        "/hooks/eachlabs/(token)"
    } else if path.split('/').any(|part| part.starts_with(TOKEN_PREFIX)) {
        "/media/(token)"
    } else {
        path
    }
}

fn write_problem(response: &mut Response, problem: &Problem) {
    let body = serde_json::to_vec(problem).unwrap_or_default();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    *response.body_mut() = Body::from(body);
}

/// The name that a proxy before us gave the request, where it could be one of ours; else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let is_sane =
        |id: &&str| (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let given = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).filter(is_sane);
    given.map_or_else(ids::random_id, str::to_owned)
}
