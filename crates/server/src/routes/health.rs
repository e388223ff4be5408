//! `GET /healthz` and `GET /readyz`: whether the server lives, and whether it can do its work.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::App;
use crate::error::ApiError;

/// Answers as long as the process serves at all.
pub async fn alive() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

/// Answers once the store can be read, and the storage and the folder of what arrives be written. How the provider is to
/// us is told as well, and does not make the server unready: visitors queue meanwhile.
///
/// # Errors
/// Not ready, with the cause in the log.
pub async fn ready(State(app): State<Arc<App>>) -> Result<Json<Value>, ApiError> {
    app.store.ping().await.map_err(|error| ApiError::NotReady(Box::new(error)))?;
    app.storage.check().await.map_err(|error| ApiError::NotReady(Box::new(error)))?;
    app.media.check().await.map_err(|error| ApiError::NotReady(Box::new(error)))?;
    let provider = app.breaker.word(&*app.store).await.map_err(|error| ApiError::NotReady(Box::new(error)))?;
    Ok(Json(json!({ "status": "ready", "provider": provider })))
}
