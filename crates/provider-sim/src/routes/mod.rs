//! The map of the simulator's addresses.

mod create;
mod read;
mod storage;
mod upload;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Json, Response};
use axum::routing::{any, delete, get, post, put};

use crate::refusal::Refusal;
use crate::state::{Shared, Sim, Stats, count};

/// Where `sim:redirect=elsewhere` leads, on another host name of this machine.
const ELSEWHERE: &str = "/elsewhere/v1/prediction/";

pub(crate) fn router(sim: Arc<Sim>) -> Router {
    Router::new()
        .route("/v1/prediction", post(create::create))
        .route("/v1/prediction/", post(create::create))
        .route("/v1/prediction/{id}", get(read::read))
        .route("/v1/prediction/{id}/", get(read::read))
        .route("/v1/prediction/{id}/cancel", post(read::cancel))
        .route("/v1/executions", get(read::executions))
        .route("/v1/model", get(read::model))
        .route("/v1/upload/presign", post(upload::presign))
        .route("/v1/files/{id}", delete(upload::delete))
        .route("/storage/upload/{name}", put(upload::put))
        .route("/storage/public/{name}", get(storage::public))
        .route("/storage/results/{name}", get(storage::result))
        .route("/sample/{name}", get(storage::sample))
        .route("/stats", get(stats))
        .route(ELSEWHERE, any(elsewhere))
        .fallback(|| async { Refusal::not_found("page") })
        .with_state(sim)
}

async fn stats(State(sim): Shared) -> Json<Stats> {
    Json(sim.stats())
}

async fn elsewhere(State(sim): Shared, headers: HeaderMap) -> Response {
    count(&sim.counters.strayed_requests);
    tracing::warn!(with_key = crate::account::key(&headers).is_some(), "a create was sent on to another host");
    (StatusCode::OK, "elsewhere").into_response()
}
