//! The body of a request for a batch: what all of its dubs have in common, and its tracks.

use contract::{
    Field, FieldCode, FieldError, MediaPolicy, NewDub, ParsedUrl, ValidDub,
    batch::{TRACKS, track_field},
    limits::BATCH_TRACKS_MAX,
};
use serde_json::{Map, Value};

use super::{
    body::{self, Wish, merge},
    kind_of,
};
use crate::error::ApiError;

/// What each track has of its own.
const OF_A_TRACK: [Field; 2] = [Field::Audio, Field::Label];

/// A body for a batch, taken apart, and what is wrong with it so far.
#[derive(Debug)]
pub(super) struct BatchWish {
    /// What all have in common: without a voice and a label.
    pub(super) common: Wish,
    /// The voices and their labels, with the place of each in the list.
    pub(super) tracks: Vec<(usize, Wish)>,
    /// What is wrong with the list of tracks.
    errors: Vec<FieldError>,
}

/// Takes a body for a batch apart.
pub(super) fn wish(body: Value) -> Result<BatchWish, ApiError> {
    let mut object = body::object(body)?;
    let list = object.remove(TRACKS).filter(|value| !value.is_null());
    if let Some(field) = OF_A_TRACK.into_iter().find(|field| object.contains_key(field.as_str())) {
        return Err(ApiError::UnknownField(field.as_str().into()));
    }
    let common = body::wish(Value::Object(object))?;
    let mut errors = Vec::new();
    let mut tracks = Vec::new();
    for (index, value) in list_of_tracks(list, &mut errors).into_iter().enumerate() {
        match value {
            Value::Object(object) => tracks.push((index, track(index, object)?)),
            other => errors.push(refusal(
                &format!("{TRACKS}[{index}]"),
                FieldCode::WrongType,
                format!("This must be an object; it is {}.", kind_of(&other)),
            )),
        }
    }
    Ok(BatchWish { common, tracks, errors })
}

fn list_of_tracks(value: Option<Value>, errors: &mut Vec<FieldError>) -> Vec<Value> {
    let (code, detail) = match value {
        None => (FieldCode::Required, "At least one voice is needed.".to_owned()),
        Some(Value::Array(list)) if list.is_empty() => {
            (FieldCode::Required, "At least one voice is needed.".to_owned())
        }
        Some(Value::Array(list)) if list.len() > BATCH_TRACKS_MAX => {
            (FieldCode::TooLong, format!("{} voices are too many; {BATCH_TRACKS_MAX} fit.", list.len()))
        }
        Some(Value::Array(list)) => return list,
        Some(other) => (FieldCode::WrongType, format!("This must be a list; it is {}.", kind_of(&other))),
    };
    errors.push(refusal(TRACKS, code, detail));
    Vec::new()
}

fn track(index: usize, object: Map<String, Value>) -> Result<Wish, ApiError> {
    let within = |name: &str| format!("{TRACKS}[{index}].{name}");
    if let Some(name) = object.keys().find(|name| OF_A_TRACK.iter().all(|field| field.as_str() != *name)) {
        return Err(ApiError::UnknownField(within(name)));
    }
    body::wish(Value::Object(object)).map_err(|error| match error {
        ApiError::UnknownField(name) => ApiError::UnknownField(within(&name)),
        other => other,
    })
}

fn refusal(field: &str, code: FieldCode, detail: String) -> FieldError {
    FieldError { field: field.into(), code, detail }
}

impl BatchWish {
    /// Checks the rest of it, and tells everything that is wrong, what all have in common first.
    pub(super) fn validate(
        self,
        policy: MediaPolicy,
        parse_url: impl Fn(&str) -> Option<ParsedUrl> + Copy,
    ) -> Result<Vec<ValidDub>, ApiError> {
        let Self { common, tracks, errors } = self;
        let is_tracks = |error: &FieldError| OF_A_TRACK.iter().any(|field| field.as_str() == error.field);
        let mut found = common.dub.validate(policy, parse_url).err().unwrap_or_default();
        found.retain(|error| !is_tracks(error));
        let mut refused = merge(common.errors, found);
        refused.extend(errors);
        let mut dubs = Vec::with_capacity(tracks.len());
        for (index, track) in tracks {
            let NewDub { audio, label, .. } = track.dub;
            let dub = NewDub { audio, label, ..common.dub.clone() };
            let checked = dub.validate(policy, parse_url);
            let mut found = checked.as_ref().err().cloned().unwrap_or_default();
            found.retain(is_tracks);
            for mut error in merge(track.errors, found) {
                if let Some(field) = Field::from_name(&error.field) {
                    error.field = track_field(index, field);
                }
                refused.push(error);
            }
            dubs.extend(checked);
        }
        if refused.is_empty() { Ok(dubs) } else { Err(ApiError::Invalid(refused)) }
    }
}
