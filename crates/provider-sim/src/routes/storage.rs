//! Files for anyone who knows their address: uploads, results, samples.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use time::OffsetDateTime;

use crate::account;
use crate::media::{self, Source};
use crate::prediction::Outcome;
use crate::refusal::Refusal;
use crate::sample;
use crate::state::{Shared, Sim, count};

pub(super) async fn sample(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, Refusal> {
    let (content_type, bytes) = sample::find(&name).ok_or_else(|| Refusal::not_found("sample"))?;
    media::answer(&headers, Source::Memory(bytes), content_type, false).await
}

pub(super) async fn public(
    State(sim): Shared,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    note_key(&sim, &headers);
    let file = sim.storage.get(&name).filter(|file| file.is_readable(OffsetDateTime::now_utc()));
    let file = file.filter(|file| file.name() == name).ok_or_else(|| Refusal::not_found("file"))?;
    media::answer(&headers, Source::Disk(sim.storage.path(&file)), &file.content_type, false).await
}

pub(super) async fn result(
    State(sim): Shared,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    note_key(&sim, &headers);
    let id = name.strip_suffix(".mp4").unwrap_or_default();
    let (path, cut) = {
        let mut book = sim.book();
        let prediction = book.predictions.get_mut(id).ok_or_else(|| Refusal::not_found("result"))?;
        let outcome = prediction.ending.as_ref().map(|ending| &ending.outcome);
        let Some(Outcome::Succeeded { render, .. }) = outcome else { return Err(Refusal::not_found("result")) };
        let cut = method == Method::GET && prediction.downloads < prediction.faults.short_download;
        prediction.downloads = prediction.downloads.saturating_add(u32::from(cut));
        (sim.renderer.path(render), cut)
    };
    media::answer(&headers, Source::Disk(path), "video/mp4", cut).await
}

/// The storage is another host in truth: the key is none of its business.
fn note_key(sim: &Sim, headers: &HeaderMap) {
    if account::key(headers).is_some() {
        count(&sim.counters.keys_sent_to_storage);
    }
}
