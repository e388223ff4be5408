//! One prediction, and what a read of it answers.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tokio_util::sync::CancellationToken;

use crate::faults::{Faults, OutputShape, Times};
use crate::input::{Input, MODEL};
use crate::journal::JournalEntry;

/// What a second of rendered speech is said to cost, in USD. Invented: the provider publishes no price.
const USD_A_SECOND: f64 = 0.06;

/// An accepted create and everything that became of it.
#[derive(Debug)]
pub(crate) struct Prediction {
    pub(crate) entry: JournalEntry,
    pub(crate) at: OffsetDateTime,
    pub(crate) input: Input,
    pub(crate) faults: Faults,
    pub(crate) started: Instant,
    /// `None` while it runs.
    pub(crate) ending: Option<Ending>,
    /// Ends its task.
    pub(crate) cancel: CancellationToken,
    pub(crate) reads: Times,
    pub(crate) downloads: Times,
}

/// How a prediction ended; kept in the second journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Ending {
    pub(crate) prediction_id: String,
    pub(crate) predict_time: f64,
    #[serde(flatten)]
    pub(crate) outcome: Outcome,
}

/// The three ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// `render` names the file in the renderer's folder.
    Succeeded {
        render: String,
        voice_seconds: f64,
    },
    Failed {
        message: String,
        details: String,
    },
    Cancelled,
}

impl Prediction {
    pub(crate) fn new(entry: JournalEntry, at: OffsetDateTime, input: Input, faults: Faults) -> Self {
        let cancel = CancellationToken::new();
        Self { entry, at, input, faults, started: Instant::now(), ending: None, cancel, reads: 0, downloads: 0 }
    }

    pub(crate) fn is_running(&self) -> bool {
        self.ending.is_none()
    }

    fn status(&self) -> &str {
        let outcome = self.ending.as_ref().map(|ending| &ending.outcome);
        match (outcome, self.faults.final_word()) {
            (None, None) => self.faults.status.as_deref().unwrap_or("processing"),
            (None, Some(_)) => "processing",
            (Some(Outcome::Succeeded { .. }), _) => "success",
            (Some(Outcome::Failed { .. }), word) => word.unwrap_or("error"),
            (Some(Outcome::Cancelled), word) => word.unwrap_or("cancelled"),
        }
    }

    /// `output` in the shape its prompt asks for; null without a result.
    pub(crate) fn output(&self, base: &str) -> Value {
        let done = self.ending.as_ref().is_some_and(|ending| matches!(ending.outcome, Outcome::Succeeded { .. }));
        if done { self.result_url(base) } else { Value::Null }
    }

    /// `output` as it will be once there is a result.
    pub(crate) fn result_url(&self, base: &str) -> Value {
        let url = format!("{base}/storage/results/{}.mp4", self.entry.prediction_id);
        match self.faults.output {
            None => json!(url),
            Some(OutputShape::Null) => Value::Null,
            Some(OutputShape::Array) => json!([url]),
            Some(OutputShape::Object) => json!({ "url": url }),
            Some(OutputShape::Private) => json!("http://10.0.0.1/result.mp4"),
        }
    }

    /// The card's answer to a read, with the fields that only the documentation has.
    pub(crate) fn view(&self, base: &str) -> Value {
        let id = &self.entry.prediction_id;
        let elapsed = self.started.elapsed().as_secs_f64();
        let mut view = json!({
            "status": self.status(),
            "predictionID": id,
            "id": id,
            "model": MODEL,
            "created_at": self.at.format(&Rfc3339).unwrap_or_default(),
            "input": self.entry.input,
            "output": self.output(base),
            "logs": "",
            "metrics": { "predict_time": self.ending.as_ref().map_or(elapsed, |ending| ending.predict_time) },
            "urls": { "get": format!("{base}/v1/prediction/{id}"), "cancel": format!("{base}/v1/prediction/{id}/cancel") },
        });
        match self.ending.as_ref().map(|ending| &ending.outcome) {
            Some(Outcome::Succeeded { voice_seconds, .. }) => {
                view["logs"] = json!(format!("rendered {voice_seconds:.2} s"));
                view["metrics"]["cost"] = json!((voice_seconds * USD_A_SECOND * 1e4).round() / 1e4);
            }
            Some(Outcome::Failed { message, details }) => {
                view["message"] = json!(message);
                view["details"] = json!(details);
                view["logs"] = json!(message);
            }
            Some(Outcome::Cancelled) | None => {}
        }
        view
    }
}
