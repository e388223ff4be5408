//! Who asks: a random id in a cookie, and a guard against other sites asking in its name.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};

use crate::{error::ApiError, ids, routes::App, store::Owner};

/// The cookie that holds the visitor's id.
pub const COOKIE: &str = "redub_visitor";

/// The longest life that browsers give a cookie, in days (RFC 6265bis, section 5.5).
const COOKIE_LIFE_DAYS: i64 = 400;

/// The visitor who asks, for handlers below [`greet`].
#[derive(Debug, Clone)]
pub struct Visitor(pub Owner);

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| ApiError::Internal("a route without a visitor".into()))
    }
}

/// The visitor who asks, where their request had a cookie of ours: for what must not be anybody's who cannot come back.
#[derive(Debug, Clone)]
pub struct KnownVisitor(pub Owner);

impl<S: Sync> FromRequestParts<S> for KnownVisitor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        owner(&parts.headers).map(Self).ok_or(ApiError::NoCookie)
    }
}

/// The owner that a request's cookie names, if it has one of ours.
pub fn owner(headers: &HeaderMap) -> Option<Owner> {
    let jar = CookieJar::from_headers(headers);
    let token = jar.get(COOKIE)?.value();
    let is_ours = token.len() == 32 && token.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_ours.then(|| Owner(ids::sha256_hex(token.as_bytes())))
}

/// Finds out who asks; gives an id to those who have none.
pub async fn greet(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    if let Some(owner) = owner(request.headers()) {
        request.extensions_mut().insert(Visitor(owner));
        return next.run(request).await;
    }
    let token = ids::random_id();
    request.extensions_mut().insert(Visitor(Owner(ids::sha256_hex(token.as_bytes()))));
    let mut response = next.run(request).await;
    give(token, &app, &mut response);
    response
}

/// Gives an id to who opens the page and has none, so that whatever the page asks for first is one visitor's, and be it several
/// things at once.
///
/// Only where the page is opened by itself: with what another site has in its own, browsers send no cookie, and one that is
/// given there could take the place of the visitor's own.
pub async fn greet_with_page(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_new = is_opened(&request) && owner(request.headers()).is_none();
    let is_page = contract::routes::is_page(request.uri().path());
    let mut response = next.run(request).await;
    if is_new && (is_page || is_html(response.headers())) {
        give(ids::random_id(), &app, &mut response);
        // Whatever keeps answers for several people must not give one's id to another.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    response
}

fn is_opened(request: &Request) -> bool {
    let dest = request.headers().get("sec-fetch-dest");
    matches!(*request.method(), Method::GET | Method::HEAD) && dest.is_none_or(|dest| dest == "document")
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

fn give(token: String, app: &App, response: &mut Response) {
    let cookie = Cookie::build((COOKIE, token))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.is_https)
        .max_age(time::Duration::days(COOKIE_LIFE_DAYS));
    if let Ok(cookie) = HeaderValue::from_str(&cookie.to_string()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Refuses changing requests that do not come from our own page. Stands before [`greet`]: a refused request gets no
/// cookie, which could take the place of the visitor's own.
///
/// Not tower-http's `CsrfLayer`: that one lets pass what has neither `Sec-Fetch-Site` nor `Origin`.
pub async fn refuse_other_sites(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || is_same_site(request.headers(), app.public_origin.as_deref()) {
        next.run(request).await
    } else {
        ApiError::CrossSite.into_response()
    }
}

fn is_same_site(headers: &HeaderMap, public_origin: Option<&str>) -> bool {
    let text = |name| headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or_default());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text(header::ORIGIN) else { return false };
    let authority = origin.split_once("://").map(|(_, authority)| authority);
    public_origin == Some(origin) || (authority.is_some() && authority == text(header::HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn our_own_page_is_told_from_others() {
        let own = [
            &[("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
            &[("origin", "http://redub.example:80"), ("host", "redub.example:80")],
            &[("origin", "https://public.example"), ("host", "inner:8787")],
        ];
        let others = [
            &[][..],
            &[("host", "redub.example")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://redub.example"), ("host", "redub.example")],
            &[("origin", "http://redub.example.evil"), ("host", "redub.example")],
            &[("origin", "null"), ("host", "redub.example")],
            &[("origin", "null")],
        ];
        for pairs in own {
            assert!(is_same_site(&headers(pairs), Some("https://public.example")), "{pairs:?}");
        }
        for pairs in others {
            assert!(!is_same_site(&headers(pairs), Some("https://public.example")), "{pairs:?}");
        }
    }

    #[test]
    fn only_an_id_of_ours_names_an_owner() {
        assert!(owner(&headers(&[("cookie", "a=b; redub_visitor=0123456789abcdef0123456789abcdef")])).is_some());
        for cookie in ["redub_visitor=", "redub_visitor=0123", "redub_visitor=0123456789ABCDEF0123456789ABCDEF", "x=y"]
        {
            assert!(owner(&headers(&[("cookie", cookie)])).is_none(), "{cookie}");
        }
    }
}
