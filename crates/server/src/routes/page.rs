//! The page's files, from memory: as built by Trunk, compressed when the server was built, with `index.html` for every
//! address that is a page's.

use std::convert::Infallible;

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};
use contract::routes;
use http_body_util::BodyExt as _;
use memory_serve::{CacheControl, MemoryServe};
use tokio::sync::OnceCell;
use tower::{ServiceExt as _, service_fn, util::BoxCloneSyncService};

use crate::error::ApiError;

/// For names that change with what they name.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The page's files.
#[derive(Debug)]
pub struct Page {
    files: Router,
    index_html: String,
}

impl Page {
    /// The files in this binary; made ready once, since memory-serve never gives back what it unpacks.
    pub async fn embedded() -> &'static Self {
        static PAGE: OnceCell<Page> = OnceCell::const_new();
        PAGE.get_or_init(|| Self::new(memory_serve::load!())).await
    }

    async fn new(files: MemoryServe) -> Self {
        let files = files
            .enable_brotli(true)
            .enable_gzip(false)
            .html_cache_control(CacheControl::NoCache)
            .cache_control(CacheControl::NoCache)
            .into_router();
        let index = serve(&files, Request::new(Body::empty())).await.into_body().collect().await;
        let index_html = index.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned()).unwrap_or_default();
        Self { files, index_html }
    }

    /// What the page starts with, uncompressed.
    pub fn index_html(&self) -> &str {
        &self.index_html
    }

    /// Answers whatever is no route of the API's.
    pub fn service(&'static self) -> BoxCloneSyncService<Request, Response, Infallible> {
        BoxCloneSyncService::new(service_fn(move |request| async move { Ok(self.answer(request).await) }))
    }

    async fn answer(&self, mut request: Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return ApiError::MethodNotAllowed.into_response();
        }
        let path = request.uri().path().to_owned();
        if routes::is_page(&path) {
            *request.uri_mut() = Uri::from_static("/");
            return serve(&self.files, request).await;
        }
        let wants_page = looks_like_page(&path) && accepts_html(request.headers());
        let mut response = serve(&self.files, request).await;
        if response.status() == StatusCode::NOT_FOUND {
            return if wants_page { self.unknown_page().await } else { ApiError::NotFound.into_response() };
        }
        if is_hashed(&path) {
            response.headers_mut().insert(header::CACHE_CONTROL, FOREVER);
        }
        response
    }

    /// The page, which says in words that there is no such address.
    async fn unknown_page(&self) -> Response {
        let mut response = serve(&self.files, Request::new(Body::empty())).await;
        *response.status_mut() = StatusCode::NOT_FOUND;
        response.headers_mut().remove(header::ETAG);
        response
    }
}

async fn serve(files: &Router, request: Request) -> Response {
    match files.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Whether a person may have typed it: no file, and nothing of the API's.
fn looks_like_page(path: &str) -> bool {
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    !is_file && !["/api", "/media", "/hooks"].iter().any(|area| path == *area || path.starts_with(&format!("{area}/")))
}

fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

/// Whether a name has a hash of its content in it, as Trunk gives it: `app-0123456789abcdef.css`, `app-…_bg.wasm`. Of the
/// 16 digits Trunk leaves out the zeros at the front, so that one name in 16 is shorter.
fn is_hashed(path: &str) -> bool {
    let is_hash = |part: &str| (10..=16).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_hexdigit());
    path.rsplit('/').next().unwrap_or_default().split(['-', '.', '_']).skip(1).any(is_hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashed_names_are_told_from_others() {
        for path in ["/redub-0123456789abcdef.js", "/redub-0123456789abcdef_bg.wasm", "/base-fedcba9876543210.css"] {
            assert!(is_hashed(path), "{path}");
        }
        for path in ["/redub-123456789abcdef.js", "/redub-123456789abcdef_bg.wasm", "/base-6789abcdef.css"] {
            assert!(is_hashed(path), "{path}: a hash with zeros at its front");
        }
        for path in ["/embed.js", "/icon-512.png", "/0123456789abcdef", "/0123456789abcdef/embed.js", "/"] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn a_typed_address_is_told_from_a_file_and_from_the_api() {
        assert!(looks_like_page("/about") && looks_like_page("/a/b") && looks_like_page("/apix"));
        assert!(!looks_like_page("/a.js") && !looks_like_page("/api/x") && !looks_like_page("/media/x"));
    }
}
