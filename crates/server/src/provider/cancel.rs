//! Cancelling a prediction. Source: the provider's documentation, `POST /v1/prediction/{id}/cancel` (as of 2026-08-21), which
//! promises nothing but its best effort: whether it worked is what the next read says.

use http::StatusCode;

use super::client::{Client, causes};
use crate::store::PredictionId;

/// What came back when a cancel was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CancelAnswer {
    /// It was taken.
    Asked,
    /// 404: the provider does not know the prediction, or has no cancel.
    Missing,
    /// It cannot be cancelled, or not this way.
    Impossible(String),
    /// No answer that says anything: later it may.
    Passing(String),
}

impl Client {
    /// Asks the provider to cancel the prediction `id`, once.
    pub async fn cancel(&self, id: &PredictionId) -> CancelAnswer {
        let url = self.url(&["prediction", &id.0, "cancel"]);
        match self.reading.post(url).send().await.map(|response| response.status()) {
            Ok(status) if status.is_success() => CancelAnswer::Asked,
            Ok(StatusCode::NOT_FOUND) => CancelAnswer::Missing,
            Ok(status) if is_final(status) => CancelAnswer::Impossible(status.to_string()),
            Ok(status) => CancelAnswer::Passing(status.to_string()),
            Err(error) => CancelAnswer::Passing(causes(&error)),
        }
    }
}

/// Whether another try would be told the same. A key or a balance can be put right, a rate limit passes.
fn is_final(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 405 | 409 | 410 | 422 | 501)
}
