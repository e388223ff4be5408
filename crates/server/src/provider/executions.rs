//! What the provider remembers of an input: in the list of executions, and in a read of one prediction.
//!
//! Source: the provider's documentation, `GET /v1/executions?model=&from=&limit<=100`, newest first (as of 2026-08-21). It does
//! not show the list's shape, so each likely one is read. The list is the whole organisation's and never leaves the server.

use contract::{DubInput, Media};
use http::StatusCode;
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    client::{Client, causes, read_body},
    wire::MODEL,
};
use crate::{clock::Moment, store::PredictionId};

/// How many executions a list has at most.
pub const LIST_MAX: u32 = 100;

/// A prediction, and what the provider says it is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Execution {
    /// The prediction.
    pub prediction: PredictionId,
    /// When it was taken, where that is told.
    pub created_at: Option<Moment>,
    input: Value,
}

impl Execution {
    /// Whether its echoed input is, value for value, what `sent` says. What is absent, null or empty is all the same.
    pub fn is_of(&self, sent: &DubInput) -> bool {
        let says = |name: &str, link: Option<&Media>| match link {
            Some(Media::Url(url)) => self.text(name) == url,
            Some(Media::UploadId(_)) => false,
            None => self.text(name).is_empty(),
        };
        says("video", Some(&sent.video))
            && says("audio", Some(&sent.audio))
            && says("mask_image", sent.mask_image.as_ref())
            && self.text("prompt") == sent.prompt.as_deref().unwrap_or_default()
            && self.text("resolution") == sent.resolution.as_str()
            && self.input["seed"].as_u64() == Some(sent.seed.into())
    }

    fn text(&self, name: &str) -> &str {
        self.input[name].as_str().unwrap_or_default()
    }

    fn read(value: &Value) -> Option<Self> {
        let id = ["predictionID", "id", "exec_id"].into_iter().find_map(|name| value[name].as_str())?;
        let created_at = value["created_at"].as_str().and_then(|at| OffsetDateTime::parse(at, &Rfc3339).ok());
        let milliseconds = created_at.and_then(|at| i64::try_from(at.unix_timestamp_nanos() / 1_000_000).ok());
        let input = value["input"].is_object().then(|| value["input"].clone())?;
        (!id.is_empty()).then(|| Self {
            prediction: PredictionId(id.into()),
            created_at: milliseconds.map(Moment),
            input,
        })
    }

    /// One for tests, which echoes `sent`.
    #[cfg(test)]
    pub(crate) fn echo(prediction: &str, created_at: Option<Moment>, sent: &DubInput) -> Self {
        let input = serde_json::to_value(super::wire::Create::new(sent, None)).unwrap_or_default()["input"].clone();
        Self { prediction: PredictionId(prediction.into()), created_at, input }
    }
}

/// What a read of one prediction says of its input. The card's answer has none, the documentation's echoes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Echo {
    /// It is made from this.
    Input(Execution),
    /// The provider has it, and does not say what it is made from.
    Silent,
}

impl Echo {
    fn read(id: &PredictionId, body: &Value) -> Option<Self> {
        match &body["input"] {
            Value::Object(input) => {
                Some(Self::Input(Execution { prediction: id.clone(), created_at: None, input: input.clone().into() }))
            }
            // No input to compare: then it must be an answer on this prediction at the least.
            Value::Null => {
                let is_named = ["predictionID", "id"].into_iter().any(|name| body[name].as_str() == Some(&id.0));
                (is_named && body["status"].is_string()).then_some(Self::Silent)
            }
            _ => None,
        }
    }
}

/// What came back when the list was asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Executions {
    /// These, newest first. That one is not among them says nothing.
    Listed(Vec<Execution>),
    /// The provider has no such list.
    Missing,
    /// No answer that could be read.
    Unreadable(String),
}

impl Client {
    /// Lists what was taken since `from`, the newest `limit` of it.
    pub async fn executions(&self, from: Moment, limit: u32) -> Executions {
        let mut url = self.url(&["executions"]);
        url.query_pairs_mut()
            .append_pair("model", MODEL)
            .append_pair("from", &from.to_string())
            .append_pair("limit", &limit.min(LIST_MAX).to_string());
        let response = match self.reading.get(url).send().await {
            Ok(response) => response,
            Err(error) => return Executions::Unreadable(causes(&error)),
        };
        match response.status() {
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE | StatusCode::NOT_IMPLEMENTED => {
                return Executions::Missing;
            }
            status if !status.is_success() => return Executions::Unreadable(status.to_string()),
            _ => {}
        }
        match read_body(response).await.map(|body| serde_json::from_slice::<Value>(&body)) {
            Ok(Ok(body)) => entries(&body).map_or_else(
                || Executions::Unreadable("an answer that is no list".into()),
                |entries| Executions::Listed(entries.iter().filter_map(Execution::read).collect()),
            ),
            Ok(Err(_)) => Executions::Unreadable("an answer that is not JSON".into()),
            Err(cause) => Executions::Unreadable(cause),
        }
    }

    /// What a read of the prediction `id` says it is made from; `None` where the provider does not know it.
    pub async fn execution(&self, id: &PredictionId) -> Option<Echo> {
        let response = self.reading.get(self.url(&["prediction", &id.0])).send().await.ok()?;
        let response = response.status().is_success().then_some(response)?;
        let body: Value = serde_json::from_slice(&read_body(response).await.ok()?).ok()?;
        Echo::read(id, &body)
    }
}

fn entries(body: &Value) -> Option<&Vec<Value>> {
    ["executions", "data", "items", "predictions"]
        .into_iter()
        .find_map(|name| body[name].as_array())
        .or(body.as_array())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::store::samples::input;

    fn entry(name: &str, value: Value) -> Value {
        let mut input = json!({ "video": "https://example.com/v.mp4", "audio": "https://example.com/a.mp3",
                                "resolution": "480p", "seed": 7 });
        input[name] = value;
        json!({ "id": "p", "created_at": "1970-01-01T00:00:02Z", "input": input })
    }

    #[test]
    fn only_an_input_that_equals_what_was_sent_is_evidence() {
        let is_of = |name: &str, value: Value| Execution::read(&entry(name, value)).unwrap().is_of(&input());
        for (name, value) in
            [("prompt", json!(null)), ("prompt", json!("")), ("mask_image", json!("")), ("more", json!(1))]
        {
            assert!(is_of(name, value.clone()), "{name}: {value}");
        }
        for (name, value) in [
            ("video", json!("https://example.com/V.mp4")),
            ("audio", json!(null)),
            ("prompt", json!("a smile")),
            ("resolution", json!("720p")),
            ("mask_image", json!("https://example.com/m.png")),
            ("seed", json!(8)),
            ("seed", json!("7")),
        ] {
            assert!(!is_of(name, value.clone()), "{name}: {value}");
        }
        let by_file = DubInput { video: Media::UploadId("u".into()), ..input() };
        assert!(!Execution::read(&entry("more", json!(1))).unwrap().is_of(&by_file));
        assert!(Execution::echo("p", None, &input()).is_of(&input()));
    }

    #[test]
    fn a_read_says_what_it_is_made_from_or_names_the_prediction_at_the_least() {
        let read = |body: Value| Echo::read(&PredictionId("p".into()), &body);
        let card = json!({ "status": "processing", "predictionID": "p", "output": null });
        assert_eq!(read(card.clone()), Some(Echo::Silent));
        assert_eq!(read(json!({ "status": "created", "id": "p", "input": null })), Some(Echo::Silent));
        let mut echoed = card.clone();
        echoed["input"] = entry("more", json!(1))["input"].clone();
        assert!(matches!(read(echoed), Some(Echo::Input(execution)) if execution.is_of(&input())));
        let mut other = card;
        other["input"] = json!({});
        assert!(matches!(read(other), Some(Echo::Input(execution)) if !execution.is_of(&input())));
        for vague in [
            json!({ "status": "processing" }),
            json!({ "status": "processing", "predictionID": "q" }),
            json!({ "predictionID": "p" }),
            json!({ "status": "processing", "predictionID": "p", "input": "x" }),
            json!([]),
        ] {
            assert_eq!(read(vague.clone()), None, "{vague}");
        }
    }

    #[test]
    fn a_list_is_found_in_each_likely_shape() {
        let entry = entry("more", json!(1));
        for body in [json!({ "executions": [entry] }), json!({ "data": [entry] }), json!([entry])] {
            let read: Vec<_> = entries(&body).unwrap().iter().filter_map(Execution::read).collect();
            assert_eq!((read.len(), read[0].prediction.0.as_str(), read[0].created_at), (1, "p", Some(Moment(2_000))));
        }
        assert_eq!(entries(&json!({ "status": "error" })), None);
        for broken in [json!({ "id": "p" }), json!({ "id": "", "input": {} }), json!({ "input": {} }), json!(7)] {
            assert_eq!(Execution::read(&broken), None);
        }
    }
}
