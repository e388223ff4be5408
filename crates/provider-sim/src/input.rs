//! The model's input: what is accepted, and in which words the rest is refused.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;

use crate::hash::hex;
use crate::refusal::Refusal;
use crate::url_gate::UrlGate;

/// The one model that is simulated.
pub(crate) const MODEL: &str = "infinitalk-video-to-video";

/// The height class of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resolution {
    P480,
    P720,
}

/// A valid input, with the JSON it came as: that is what reads echo.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    pub(crate) raw: Map<String, Value>,
    pub(crate) video: Url,
    pub(crate) audio: Url,
    pub(crate) mask_image: Option<Url>,
    pub(crate) prompt: String,
    pub(crate) resolution: Resolution,
}

impl Input {
    pub(crate) fn parse(raw: &Value, gate: &UrlGate) -> Result<Self, Refusal> {
        let raw = raw.as_object().ok_or_else(|| Refusal::invalid("input must be an object"))?;
        if let Some(name) = raw.keys().find(|name| !KNOWN.contains(&name.as_str())) {
            return Err(Refusal::invalid(format!("{name} is not an input of {MODEL}")));
        }
        let required = |name| url(raw, name, gate)?.ok_or_else(|| Refusal::invalid(format!("{name} is required")));
        seed(raw)?;
        Ok(Self {
            video: required("video")?,
            audio: required("audio")?,
            mask_image: url(raw, "mask_image", gate)?,
            prompt: text(raw, "prompt")?.unwrap_or_default().to_owned(),
            resolution: match text(raw, "resolution")? {
                Some("480p") => Resolution::P480,
                None | Some("720p") => Resolution::P720,
                Some(_) => return Err(Refusal::invalid("resolution must be one of 480p, 720p")),
            },
            raw: raw.clone(),
        })
    }

    /// Names a dub, however often it is sent: faults that happen "the first time" count by it. Links are no part of it, as
    /// a client may well make new ones for each try.
    pub(crate) fn fingerprint(&self) -> String {
        let seed = self.raw.get("seed").map(Value::to_string).unwrap_or_default();
        let parts = [self.prompt.as_str(), &seed];
        hex(&Sha256::digest(parts.join("\0")))
    }
}

const KNOWN: [&str; 6] = ["video", "audio", "prompt", "resolution", "mask_image", "seed"];

fn text<'a>(raw: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, Refusal> {
    match raw.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Refusal::invalid(format!("{name} must be a string"))),
    }
}

fn url(raw: &Map<String, Value>, name: &str, gate: &UrlGate) -> Result<Option<Url>, Refusal> {
    let check = |text| gate.check(text).map_err(|why| Refusal::invalid(format!("{name} {why}")));
    text(raw, name)?.filter(|text| !text.is_empty()).map(check).transpose()
}

fn seed(raw: &Map<String, Value>) -> Result<(), Refusal> {
    match raw.get("seed") {
        None | Some(Value::Null) => Ok(()),
        Some(seed) if seed.as_i64().is_some_and(|seed| (1..=2_147_483_647).contains(&seed)) => Ok(()),
        Some(_) => Err(Refusal::invalid("seed must be an integer from 1 to 2147483647")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_input_is_refused_in_words_that_name_the_field() {
        let gate = UrlGate { own_base: "http://own".into(), allow_local: false };
        let (v, a) = ("https://a.example/v.mp4", "https://a.example/a.mp3");
        for (input, wanted) in [
            (json!({ "video": v, "audio": a }), None),
            (json!({ "video": v, "audio": a, "seed": 1, "resolution": "480p", "mask_image": null }), None),
            (json!({ "audio": a }), Some("video is required")),
            (json!({ "video": v, "audio": "" }), Some("audio is required")),
            (json!({ "video": v, "audio": 7 }), Some("audio must be a string")),
            (json!({ "video": v, "audio": a, "resolution": "1080p" }), Some("resolution must")),
            (json!({ "video": v, "audio": a, "seed": 0 }), Some("seed must")),
            (json!({ "video": v, "audio": a, "seed": -1 }), Some("seed must")),
            (json!({ "video": v, "audio": a, "seed": 2_147_483_648_i64 }), Some("seed must")),
            (json!({ "video": v, "audio": a, "seed": 1.5 }), Some("seed must")),
            (json!({ "video": v, "audio": a, "model": "x" }), Some("model is not an input")),
            (json!([]), Some("input must be an object")),
        ] {
            let refused = Input::parse(&input, &gate).err().map(|refusal| refusal.details);
            match wanted {
                None => assert_eq!(refused, None),
                Some(start) => assert!(refused.clone().is_some_and(|d| d.starts_with(start)), "{input}: {refused:?}"),
            }
        }
    }
}
