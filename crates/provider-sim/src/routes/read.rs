//! Reads: one prediction, all of them, the model; and the cancel, which answers with a read.

use std::cmp::Reverse;

use axum::Json;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Date, OffsetDateTime};

use crate::account::Account;
use crate::input::MODEL;
use crate::job;
use crate::prediction::{Outcome, Prediction};
use crate::refusal::Refusal;
use crate::state::{Shared, count};

/// Any known key reads every prediction: keys belong to one organisation.
pub(super) async fn read(State(sim): Shared, _: Account, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    count(&sim.counters.reads);
    let mut book = sim.book();
    let prediction = book.predictions.get_mut(&id).ok_or_else(|| Refusal::not_found("prediction"))?;
    let (done, faults) = (prediction.reads, &prediction.faults);
    prediction.reads = done.saturating_add(1);
    if done < faults.poll_404 {
        return Err(Refusal::not_found("prediction"));
    }
    if done - faults.poll_404 < faults.poll_500 {
        return Err(Refusal::internal("the prompt asked for it with sim:poll-500"));
    }
    Ok(Json(prediction.view(&sim.base)))
}

/// Best effort: what has ended stays as it is.
pub(super) async fn cancel(State(sim): Shared, _: Account, Path(id): Path<String>) -> Result<Json<Value>, Refusal> {
    job::end(&sim, &id, Outcome::Cancelled).await;
    let book = sim.book();
    let prediction = book.predictions.get(&id).ok_or_else(|| Refusal::not_found("prediction"))?;
    Ok(Json(prediction.view(&sim.base)))
}

#[derive(Deserialize)]
pub(super) struct Listing {
    model: Option<String>,
    /// The earliest creation: RFC 3339, or a date.
    from: Option<String>,
    limit: Option<usize>,
}

/// Newest first. The page that documents this list does not show its shape: `{ "executions": [read, ...] }` is a guess.
pub(super) async fn executions(
    State(sim): Shared,
    _: Account,
    Query(listing): Query<Listing>,
) -> Result<Json<Value>, Refusal> {
    let limit = listing.limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(Refusal::invalid("limit must be from 1 to 100"));
    }
    let from = listing.from.as_deref().map(moment).transpose()?;
    let book = sim.book();
    let fits = listing.model.as_deref().is_none_or(|model| model == MODEL);
    let chosen = book.order.iter().filter_map(|id| book.predictions.get(id));
    let fits = |p: &&Prediction| fits && !p.faults.unlisted && from.is_none_or(|from| p.at >= from);
    let mut chosen: Vec<_> = chosen.filter(fits).collect();
    chosen.sort_by_key(|prediction| Reverse(prediction.at));
    let views: Vec<_> = chosen.into_iter().take(limit).map(|prediction| prediction.view(&sim.base)).collect();
    Ok(Json(json!({ "executions": views })))
}

fn moment(text: &str) -> Result<OffsetDateTime, Refusal> {
    let day = || Date::parse(text, time::macros::format_description!("[year]-[month]-[day]"));
    let parsed = OffsetDateTime::parse(text, &Rfc3339).or_else(|_| day().map(|day| day.midnight().assume_utc()));
    parsed.map_err(|_| Refusal::invalid("from must be a date or an RFC 3339 time"))
}

#[derive(Deserialize)]
pub(super) struct Wanted {
    slug: Option<String>,
}

pub(super) async fn model(_: Account, Query(wanted): Query<Wanted>) -> Result<Json<Value>, Refusal> {
    if wanted.slug.as_deref() != Some(MODEL) {
        return Err(Refusal::not_found("model"));
    }
    Ok(Json(json!({
        "title": "Infinitalk | Video to Video",
        "slug": MODEL,
        "version": "0.0.1",
        "output_type": "video",
        "request_schema": {
            "type": "object",
            "required": ["video", "audio"],
            "properties": {
                "video": { "type": "string", "format": "uri", "description": "The video for generating the output." },
                "audio": { "type": "string", "format": "uri", "description": "The URL of the audio file." },
                "prompt": { "type": "string", "description": "The positive prompt for the generation." },
                "resolution": { "type": "string", "enum": ["480p", "720p"], "default": "720p" },
                "mask_image": { "type": "string", "format": "uri" },
                "seed": { "type": "integer", "minimum": 1, "maximum": 2_147_483_647 },
            },
        },
    })))
}
