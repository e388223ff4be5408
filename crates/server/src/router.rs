//! Which route answers what, and what every answer goes through.
//!
//! From the outside in: the request gets its name and its line in the log; the answer its headers; a panic becomes a
//! problem; below `/api`, other sites are refused and visitors told apart; who opens the page becomes one.

mod headers;

use std::{any::Any, sync::Arc};

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::{get, options, post},
};
use tower_http::catch_panic::CatchPanicLayer;

pub use headers::SecurityHeaders;

use crate::{
    error::ApiError,
    routes::{App, config, dubs, events, health, hooks, media, page, uploads},
    telemetry, visitor,
};

/// All of it.
pub fn router(app: Arc<App>, page: &'static page::Page) -> Router {
    let headers = SecurityHeaders::new(app.config.mode, app.is_https, page.index_html());
    let pages = Router::new()
        .fallback_service(page.service())
        .layer(middleware::from_fn_with_state(app.clone(), visitor::greet_with_page));
    let routes = Router::new()
        .nest("/api", api(&app))
        .route("/media/{id}/{name}", get(media::get))
        .route("/hooks/eachlabs/{token}", post(hooks::eachlabs))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .method_not_allowed_fallback(method_not_allowed)
        .with_state(app)
        .fallback_service(pages);
    wrap(routes, headers)
}

fn api(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route("/config", get(config::get))
        .route("/events", get(events::all))
        .route("/batches", post(dubs::create_batch))
        .route("/dubs", get(dubs::list).post(dubs::create))
        .route("/dubs/{id}", get(dubs::get).delete(dubs::delete))
        .route("/dubs/{id}/cancel", post(dubs::cancel))
        .route("/dubs/{id}/events", get(events::one))
        .route("/dubs/{id}/resubmit", post(dubs::resubmit))
        .merge(upload_routes())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(app.clone(), visitor::greet))
        .layer(middleware::from_fn_with_state(app.clone(), visitor::refuse_other_sites))
        .layer(middleware::from_fn(uploads::name_version))
        .layer(middleware::map_response(keep_nothing))
}

fn upload_routes() -> Router<Arc<App>> {
    let upload = options(uploads::options).head(uploads::progress).patch(uploads::append).delete(uploads::remove);
    Router::new()
        .route("/uploads", options(uploads::options).post(uploads::create))
        .route("/uploads/{id}", upload.post(uploads::overridden))
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn(uploads::speak_tus))
}

/// Puts around `routes` what every answer goes through.
fn wrap(routes: Router, headers: SecurityHeaders) -> Router {
    routes
        .layer(CatchPanicLayer::custom(answer_panic))
        .layer(middleware::from_fn_with_state(Arc::new(headers), add_headers))
        .layer(middleware::from_fn(telemetry::observe))
}

async fn add_headers(State(headers): State<Arc<SecurityHeaders>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    headers.add_to(response.headers_mut());
    response
}

/// What the API says is true now and for this visitor alone.
async fn keep_nothing(mut response: Response) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

// Axum wants a panic's payload as it is.
#[expect(clippy::needless_pass_by_value, reason = "the signature is tower-http's")]
fn answer_panic(payload: Box<dyn Any + Send>) -> Response {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("(no text)");
    ApiError::Panicked(text.to_owned()).into_response()
}

async fn not_found() -> ApiError {
    ApiError::NotFound
}

async fn method_not_allowed() -> ApiError {
    ApiError::MethodNotAllowed
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, http::StatusCode};
    use contract::{Code, Mode, Problem, routes};
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    use super::*;

    #[expect(clippy::panic, reason = "what is tested")]
    async fn broken() {
        panic!("secret words")
    }

    #[tokio::test]
    async fn a_panic_is_answered_with_a_problem_that_keeps_its_words_to_itself() {
        let app = wrap(Router::new().route("/broken", get(broken)), SecurityHeaders::new(Mode::Live, false, ""));
        let answer = app.oneshot(Request::get("/broken").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(answer.headers()[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
        let id = answer.headers()[routes::REQUEST_ID].to_str().unwrap().to_owned();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert!(!String::from_utf8_lossy(&body).contains("secret"));
        let problem: Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!((problem.code, problem.request_id), (Code::Internal, id));
    }
}
