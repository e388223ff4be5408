//! Rows as they are read, and the contract's types made of them.

use contract::{Dub, DubId, DubInput, Output, Phase, routes};
use serde::{Serialize, de::DeserializeOwned};
use sqlx::FromRow;

use crate::{
    clock::Moment,
    store::{Change, SavedResult, StoreError, StoredDub},
};

/// One row of `dubs`, as far as its owner may see it.
#[derive(Debug, FromRow)]
pub(super) struct DubRow {
    pub(super) seq: i64,
    id: String,
    batch_id: Option<String>,
    label: Option<String>,
    input: String,
    phase: String,
    version: i64,
    change: i64,
    created_at: Moment,
    updated_at: Moment,
    started_at: Option<Moment>,
    finished_at: Option<Moment>,
    estimate_s: u32,
    problem: Option<String>,
    metrics: Option<String>,
    result: Option<String>,
    expires_at: Option<Moment>,
    queue_position: Option<u32>,
}

impl DubRow {
    pub(super) fn into_stored(self) -> Result<StoredDub, StoreError> {
        let result = self.result.as_deref().map(from_json::<ResultJson>).transpose()?;
        let dub = Dub {
            batch_id: self.batch_id,
            label: self.label,
            phase: phase(&self.phase)?,
            revision: self.change,
            queue_position: self.queue_position,
            number: self.seq,
            created_at: self.created_at.to_string(),
            updated_at: self.updated_at.to_string(),
            started_at: self.started_at.map(|moment| moment.to_string()),
            finished_at: self.finished_at.map(|moment| moment.to_string()),
            estimate_s: Some(self.estimate_s),
            input: from_json::<DubInput>(&self.input)?,
            output: result.map(|result| result.into_output(&self.id, self.expires_at)),
            problem: self.problem.as_deref().map(from_json).transpose()?,
            metrics: self.metrics.as_deref().map(from_json).transpose()?,
            id: DubId(self.id),
        };
        Ok(StoredDub { dub, version: self.version, change: Change(self.change) })
    }
}

/// The column `dubs.result`.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct ResultJson {
    file_name: String,
    content_type: String,
    size_bytes: u64,
    sha256: String,
    duration_ms: u64,
    width: u32,
    height: u32,
}

impl ResultJson {
    fn into_output(self, id: &str, expires_at: Option<Moment>) -> Output {
        Output {
            url: routes::media(id, &self.file_name),
            content_type: self.content_type,
            size_bytes: self.size_bytes,
            duration_ms: self.duration_ms,
            width: self.width,
            height: self.height,
            expires_at: expires_at.map(|moment| moment.to_string()),
        }
    }
}

impl From<SavedResult> for ResultJson {
    fn from(saved: SavedResult) -> Self {
        let SavedResult { file_name, content_type, size_bytes, sha256, duration_ms, width, height } = saved;
        Self { file_name, content_type, size_bytes, sha256, duration_ms, width, height }
    }
}

impl From<ResultJson> for SavedResult {
    fn from(json: ResultJson) -> Self {
        let ResultJson { file_name, content_type, size_bytes, sha256, duration_ms, width, height } = json;
        Self { file_name, content_type, size_bytes, sha256, duration_ms, width, height }
    }
}

pub(super) fn phase(name: &str) -> Result<Phase, StoreError> {
    Phase::from_name(name).ok_or_else(|| StoreError::Corrupt(format!("there is no phase {name:?}").into()))
}

pub(super) fn from_json<T: DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Corrupt(error.into()))
}

pub(super) fn to_json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.into()))
}
