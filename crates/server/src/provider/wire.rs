//! The provider's JSON, read as widely as its pages allow.

use std::collections::HashMap;

use contract::{DubInput, Media, Metrics};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{HookTarget, ReadAnswer};

/// The model's slug at the provider.
pub(super) const MODEL: &str = "infinitalk-video-to-video";

/// How much of a status word is kept, in characters.
const STATUS_MAX_CHARS: usize = 40;

/// The body of a create.
#[derive(Debug, Serialize)]
pub(super) struct Create<'a> {
    model: &'static str,
    input: Input<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_secret: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Input<'a> {
    video: &'a str,
    audio: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    prompt: Option<&'a str>,
    resolution: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mask_image: Option<&'a str>,
    seed: u32,
}

impl<'a> Create<'a> {
    /// The create for `input`; `None` while a file of it is not yet where the provider can fetch it.
    pub(super) fn new(input: &'a DubInput, hook: Option<&'a HookTarget>) -> Option<Self> {
        let mask_image = match &input.mask_image {
            Some(mask) => Some(link(mask)?),
            None => None,
        };
        let input = Input {
            video: link(&input.video)?,
            audio: link(&input.audio)?,
            prompt: input.prompt.as_deref(),
            resolution: input.resolution.as_str(),
            mask_image,
            seed: input.seed,
        };
        Some(Self {
            model: MODEL,
            input,
            webhook_url: hook.map(|hook| hook.url.as_str()),
            webhook_secret: hook.map(|hook| hook.secret.as_str()),
        })
    }
}

fn link(media: &Media) -> Option<&str> {
    match media {
        Media::Url(url) => Some(url),
        Media::UploadId(_) => None,
    }
}

/// The answer of a create. The card names the id `predictionID`, the documentation `id`; both may be there.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Created {
    #[serde(rename = "predictionID")]
    prediction_id: Value,
    id: Value,
}

impl Created {
    /// The id of what was created, if the answer names one.
    pub(super) fn into_id(self) -> Option<String> {
        [self.prediction_id, self.id].iter().find_map(Value::as_str).filter(|id| !id.is_empty()).map(str::to_owned)
    }
}

/// The body that asks for a file's place.
#[derive(Debug, Serialize)]
pub(super) struct Presign<'a> {
    pub(super) content_type: &'a str,
    pub(super) file_type: &'static str,
    pub(super) expires_in_seconds: u64,
}

/// A file's place.
#[derive(Debug, Deserialize)]
pub(super) struct Presigned {
    pub(super) id: String,
    #[serde(rename = "presigned_url")]
    pub(super) put_url: String,
    pub(super) public_url: String,
    #[serde(default)]
    pub(super) required_headers: HashMap<String, String>,
}

/// The answer of a read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Prediction {
    status: String,
    output: Value,
    message: Value,
    details: Value,
    error: Value,
    logs: Value,
    metrics: Value,
}

impl Prediction {
    /// What the prediction's status word and fields come to.
    pub(super) fn into_answer(self) -> ReadAnswer {
        match self.status.as_str() {
            "processing" | "created" | "starting" => ReadAnswer::Running(None),
            "success" | "succeeded" => {
                ReadAnswer::Done { result_url: result_url(&self.output), metrics: self.metrics() }
            }
            "error" | "failed" => ReadAnswer::Failed { reason: self.reason(), metrics: self.metrics() },
            "cancelled" | "canceled" => ReadAnswer::Cancelled,
            other => ReadAnswer::Running(Some(words(other).chars().take(STATUS_MAX_CHARS).collect())),
        }
    }

    fn reason(&self) -> Option<String> {
        let places = [
            &self.message,
            &self.details,
            &self.error,
            &self.output["error_message"],
            &self.output[0]["error"],
            &self.logs,
        ];
        places.into_iter().find_map(text)
    }

    fn metrics(&self) -> Metrics {
        let number = |name: &str| self.metrics[name].as_f64().filter(|number| number.is_finite() && *number >= 0.0);
        Metrics { predict_time_s: number("predict_time"), cost_usd: number("cost") }
    }
}

/// `output` is a string, a list whose first entry counts, or an object with `url`.
fn result_url(output: &Value) -> Option<String> {
    let first = output.as_array().map_or(output, |list| list.first().unwrap_or(&Value::Null));
    first.as_str().or_else(|| first["url"].as_str()).filter(|url| !url.is_empty()).map(str::to_owned)
}

/// The provider's own words in an error's body, in any of its three forms.
pub(super) fn error_words(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let words: Vec<String> = ["message", "details", "error"].into_iter().filter_map(|name| text(&body[name])).collect();
    (!words.is_empty()).then(|| words.join(": "))
}

fn text(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => words(text),
        Value::Array(lines) => lines.last().and_then(text)?,
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Foreign words without control characters.
fn words(foreign: &str) -> String {
    foreign.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::samples;

    fn answer(body: Value) -> ReadAnswer {
        serde_json::from_value::<Prediction>(body).unwrap().into_answer()
    }

    #[test]
    fn each_status_word_is_taken_as_the_table_says() {
        for word in ["processing", "created", "starting"] {
            assert_eq!(answer(json!({ "status": word })), ReadAnswer::Running(None));
        }
        assert_eq!(answer(json!({ "status": "paused" })), ReadAnswer::Running(Some("paused".into())));
        for word in ["cancelled", "canceled"] {
            assert_eq!(answer(json!({ "status": word })), ReadAnswer::Cancelled);
        }
        for word in ["error", "failed"] {
            assert!(matches!(answer(json!({ "status": word })), ReadAnswer::Failed { reason: None, .. }));
        }
    }

    #[test]
    fn an_output_is_found_in_each_form() {
        let url = Some("https://example.com/a.mp4".to_owned());
        for output in [
            json!("https://example.com/a.mp4"),
            json!(["https://example.com/a.mp4", "https://example.com/b.mp4"]),
            json!({ "url": "https://example.com/a.mp4" }),
            json!([{ "url": "https://example.com/a.mp4" }]),
        ] {
            let body =
                json!({ "status": "success", "output": output, "metrics": { "predict_time": 2.5, "cost": 0.1 } });
            let metrics = Metrics { predict_time_s: Some(2.5), cost_usd: Some(0.1) };
            assert_eq!(answer(body), ReadAnswer::Done { result_url: url.clone(), metrics });
        }
        for output in [json!(null), json!([]), json!({}), json!(""), json!(7)] {
            let ReadAnswer::Done { result_url, .. } = answer(json!({ "status": "success", "output": output })) else {
                panic!("done")
            };
            assert_eq!(result_url, None);
        }
    }

    #[test]
    fn a_reason_is_found_in_each_place() {
        for body in [
            json!({ "status": "error", "message": "no face" }),
            json!({ "status": "error", "details": "no face" }),
            json!({ "status": "failed", "error": "no face" }),
            json!({ "status": "failed", "output": { "error_message": "no face" } }),
            json!({ "status": "failed", "output": [{ "error": "no face" }] }),
            json!({ "status": "failed", "logs": "no face" }),
            json!({ "status": "failed", "logs": ["start", "no face\n"] }),
        ] {
            let ReadAnswer::Failed { reason, .. } = answer(body.clone()) else { panic!("failed") };
            assert_eq!(reason.as_deref(), Some("no face"), "{body}");
        }
    }

    #[test]
    fn foreign_words_are_cleaned() {
        let ReadAnswer::Failed { reason, .. } = answer(json!({ "status": "error", "message": "a\u{7}b\n" })) else {
            panic!("failed")
        };
        assert_eq!(reason.as_deref(), Some("a b"));
        let odd = json!({ "status": "x".repeat(9_000) });
        assert_eq!(answer(odd), ReadAnswer::Running(Some("x".repeat(STATUS_MAX_CHARS))));
    }

    #[test]
    fn a_created_id_is_found_under_either_name_or_both() {
        let id = |body: Value| serde_json::from_value::<Created>(body).unwrap().into_id();
        for body in [json!({ "predictionID": "p" }), json!({ "id": "p" }), json!({ "predictionID": "p", "id": "p" })] {
            assert_eq!(id(body).as_deref(), Some("p"));
        }
        for body in [json!({}), json!({ "id": "" }), json!({ "predictionID": 7 }), json!({ "predictionID": null })] {
            assert_eq!(id(body), None);
        }
    }

    #[test]
    fn errors_are_read_in_all_three_forms() {
        assert_eq!(
            error_words(br#"{"status":"error","message":"bad","details":"no video"}"#).unwrap(),
            "bad: no video"
        );
        assert_eq!(error_words(br#"{"error":"bad"}"#).unwrap(), "bad");
        assert_eq!(error_words(br#"{"status":429,"error":"slow","details":"down"}"#).unwrap(), "down: slow");
        assert_eq!(error_words(b"<html>"), None);
    }

    #[test]
    fn a_create_is_what_the_card_asks_for() {
        let input = samples::input();
        let expected = json!({ "model": MODEL, "input": {
            "video": "https://example.com/v.mp4", "audio": "https://example.com/a.mp3", "resolution": "480p", "seed": 7 } });
        assert_eq!(serde_json::to_value(Create::new(&input, None).unwrap()).unwrap(), expected);
        let hook = HookTarget { url: "https://redub.example/hooks/eachlabs/t".parse().unwrap(), secret: "s".into() };
        let with_hook = serde_json::to_value(Create::new(&input, Some(&hook)).unwrap()).unwrap();
        assert_eq!(with_hook["webhook_url"], "https://redub.example/hooks/eachlabs/t");
        assert_eq!((&with_hook["webhook_secret"], &with_hook["input"]), (&json!("s"), &expected["input"]));
    }
}
