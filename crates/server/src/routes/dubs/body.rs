//! The body of a changing request: read within bounds, and taken apart so that every field's error is told at once.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::Request,
    http::{HeaderMap, header},
};
use contract::{Field, FieldCode, FieldError, Media, MediaPolicy, NewDub, ParsedUrl, Resubmit, ValidDub};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::{Map, Value};

use super::kind_of;
use crate::{error::ApiError, ids, store::UploadId};

/// Room for the longest prompt with every character escaped, and the longest links.
pub(super) const MAX_BYTES: usize = 64 * 1024;
/// How long a body may take to arrive: enough for [`MAX_BYTES`] over the slowest phone network.
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// A body that is JSON.
pub(super) struct JsonBody {
    /// What it says.
    pub(super) value: Value,
    /// The hash of its bytes, in hexadecimal.
    pub(super) sha256: String,
}

/// Reads a JSON body.
pub(super) async fn read_json(request: Request) -> Result<JsonBody, ApiError> {
    read_json_within(MAX_BYTES, request).await
}

/// Reads a JSON body of at most `max_bytes`.
pub(super) async fn read_json_within(max_bytes: usize, request: Request) -> Result<JsonBody, ApiError> {
    if !is_json(request.headers()) {
        return Err(ApiError::UnsupportedMedia);
    }
    let declared = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length: u64| length > max_bytes as u64) {
        return Err(ApiError::TooLarge(max_bytes));
    }
    let bytes = tokio::time::timeout(READ_TIMEOUT, collect(max_bytes, request)).await;
    let bytes = bytes.map_err(|_| ApiError::RequestTimeout)??;
    let value = serde_json::from_slice(&bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        ApiError::MalformedJson(format!("The body stops being JSON at line {line}, column {column}."))
    })?;
    Ok(JsonBody { value, sha256: ids::sha256_hex(&bytes) })
}

async fn collect(max_bytes: usize, request: Request) -> Result<Bytes, ApiError> {
    match Limited::new(request.into_body(), max_bytes).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(ApiError::TooLarge(max_bytes)),
        Err(_) => Err(ApiError::MalformedJson("The body was cut off.".into())),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

/// A body for a dub, taken apart, and what is wrong with it so far.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) dub: NewDub,
    pub(super) errors: Vec<FieldError>,
}

impl Wish {
    /// The uploads it names.
    pub(super) fn uploads(&self) -> Vec<(Field, UploadId)> {
        let NewDub { video, audio, mask_image, .. } = &self.dub;
        [(Field::Video, video), (Field::Audio, audio), (Field::MaskImage, mask_image)]
            .into_iter()
            .filter_map(|(field, media)| match media {
                Some(Media::UploadId(id)) => Some((field, UploadId(id.clone()))),
                _ => None,
            })
            .collect()
    }

    /// Adds what somebody else found wrong.
    pub(super) fn refuse(&mut self, errors: Vec<FieldError>) {
        self.errors.extend(errors);
    }

    /// Checks the rest of it, and tells everything that is wrong.
    pub(super) fn validate(
        self,
        policy: MediaPolicy,
        parse_url: impl Fn(&str) -> Option<ParsedUrl>,
    ) -> Result<ValidDub, ApiError> {
        let Self { dub, errors } = self;
        match dub.validate(policy, parse_url) {
            Ok(valid) if errors.is_empty() => Ok(valid),
            Ok(_) => Err(ApiError::Invalid(merge(errors, Vec::new()))),
            Err(found) => Err(ApiError::Invalid(merge(errors, found))),
        }
    }
}

/// Takes a body for a dub apart.
pub(super) fn wish(body: Value) -> Result<Wish, ApiError> {
    let mut object = object(body)?;
    if let Some(name) = object.keys().find(|name| Field::from_name(name).is_none()) {
        return Err(ApiError::UnknownField(name.clone()));
    }
    let mut errors = Vec::new();
    let mut take = |field: Field| object.remove(field.as_str()).filter(|value| !value.is_null());
    let dub = NewDub {
        video: media(Field::Video, take(Field::Video), &mut errors)?,
        audio: media(Field::Audio, take(Field::Audio), &mut errors)?,
        label: text(Field::Label, take(Field::Label), &mut errors),
        prompt: text(Field::Prompt, take(Field::Prompt), &mut errors),
        resolution: text(Field::Resolution, take(Field::Resolution), &mut errors),
        mask_image: media(Field::MaskImage, take(Field::MaskImage), &mut errors)?,
        seed: seed(take(Field::Seed), &mut errors),
    };
    Ok(Wish { dub, errors })
}

/// Takes a body that accepts a second charge.
pub(super) fn resubmit(body: Value) -> Result<Resubmit, ApiError> {
    const FIELD: &str = "accept_second_charge";
    let mut object = object(body)?;
    if let Some(name) = object.keys().find(|name| *name != FIELD) {
        return Err(ApiError::UnknownField(name.clone()));
    }
    let refuse =
        |code, detail: &str| ApiError::Invalid(vec![FieldError { field: FIELD.into(), code, detail: detail.into() }]);
    match object.remove(FIELD) {
        Some(Value::Bool(accept_second_charge)) => Ok(Resubmit { accept_second_charge }),
        None => Err(refuse(FieldCode::Required, "Say whether a second charge is accepted.")),
        Some(_) => Err(refuse(FieldCode::WrongType, "This must be true or false.")),
    }
}

pub(super) fn object(body: Value) -> Result<Map<String, Value>, ApiError> {
    match body {
        Value::Object(object) => Ok(object),
        other => Err(ApiError::MalformedJson(format!("The body must be an object; it is {}.", kind_of(&other)))),
    }
}

fn media(field: Field, value: Option<Value>, errors: &mut Vec<FieldError>) -> Result<Option<Media>, ApiError> {
    const SHAPE: &str = "Give an object with either `url` or `upload_id`.";
    let Some(value) = value else { return Ok(None) };
    let Value::Object(object) = value else {
        errors.push(field.error(FieldCode::WrongType, format!("{SHAPE} This is {}.", kind_of(&value))));
        return Ok(None);
    };
    if let Some(name) = object.keys().find(|name| !matches!(name.as_str(), "url" | "upload_id")) {
        return Err(ApiError::UnknownField(format!("{}.{name}", field.as_str())));
    }
    let mut entries = object.into_iter();
    match (entries.next(), entries.next()) {
        (Some((name, Value::String(url))), None) if name == "url" => return Ok(Some(Media::Url(url))),
        (Some((_, Value::String(id))), None) => return Ok(Some(Media::UploadId(id))),
        _ => errors.push(field.error(FieldCode::WrongType, SHAPE)),
    }
    Ok(None)
}

fn text(field: Field, value: Option<Value>, errors: &mut Vec<FieldError>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text),
        other => {
            errors.push(field.error(FieldCode::WrongType, format!("This must be a text; it is {}.", kind_of(&other))));
            None
        }
    }
}

fn seed(value: Option<Value>, errors: &mut Vec<FieldError>) -> Option<i64> {
    const RANGE: &str = "Choose a whole number from 1 to 2147483647, or leave it random.";
    let value = value?;
    if let Some(seed) = value.as_i64() {
        return Some(seed);
    }
    let code = if value.is_u64() { FieldCode::OutOfRange } else { FieldCode::WrongType };
    errors.push(Field::Seed.error(code, RANGE));
    None
}

/// The errors of both, one a field (what could not be read is not missing), in the order of the fields.
pub(super) fn merge(read: Vec<FieldError>, checked: Vec<FieldError>) -> Vec<FieldError> {
    let both: Vec<_> = read.into_iter().chain(checked).collect();
    let of = |field: Field| both.iter().find(|error| error.field == field.as_str()).cloned();
    Field::ALL.into_iter().filter_map(of).collect()
}

#[cfg(test)]
#[path = "body_tests.rs"]
mod tests;
