//! POST /v1/prediction: accept at most what the limits allow, write it down, then answer, or lose the answer on request.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::ELSEWHERE;
use crate::account::Account;
use crate::faults::{Faults, LostAnswer, Redirect};
use crate::hash::uuid;
use crate::input::{Input, MODEL};
use crate::job;
use crate::journal::JournalEntry;
use crate::prediction::Prediction;
use crate::refusal::Refusal;
use crate::server::DropConnection;
use crate::state::{Shared, Sim, count};
use crate::webhook;

#[derive(Deserialize)]
struct Order {
    model: String,
    input: Value,
    webhook_url: Option<String>,
    webhook_secret: Option<String>,
}

/// A create that is valid in itself; limits and faults come after.
struct Valid {
    input: Input,
    faults: Faults,
    webhook_url: Option<String>,
    webhook_secret: Option<String>,
}

pub(super) async fn create(
    State(sim): Shared,
    uri: Uri,
    account: Result<Account, Refusal>,
    body: Bytes,
) -> Result<Response, Refusal> {
    count(&sim.counters.create_requests);
    let Account(account) = account?;
    let valid = parse(&sim, &body);
    if let Ok(valid) = &valid
        && let Some(response) = redirect(&sim, valid, uri.path())
    {
        return Ok(response);
    }
    let admitted = sim.book().window.admit(&account, sim.options.creates_per_minute, std::time::Instant::now());
    if let Err(wait) = admitted {
        let limit = sim.options.creates_per_minute;
        return Err(Refusal::too_many(format!("more than {limit} creates in a minute"), wait.as_secs() + 1));
    }
    let valid = valid?;
    refuse_on_request(&sim, &valid)?;
    // A task of its own: a client that hangs up halfway must not leave a prediction that is written down and never runs.
    let accepted = tokio::spawn(accept(sim, account, valid)).await;
    accepted.map_err(|error| Refusal::internal(error.to_string()))?
}

fn parse(sim: &Sim, body: &[u8]) -> Result<Valid, Refusal> {
    let order: Order = serde_json::from_slice(body).map_err(|error| Refusal::invalid(error.to_string()))?;
    if order.model != MODEL {
        return Err(Refusal::not_found("model"));
    }
    let input = Input::parse(&order.input, &sim.gate)?;
    let faults = Faults::parse(&input.prompt).map_err(Refusal::invalid)?;
    let webhook_url = order.webhook_url.filter(|url| !url.is_empty());
    if let Some(url) = &webhook_url {
        sim.gate.check(url).map_err(|why| Refusal::invalid(format!("webhook_url {why}")))?;
    }
    Ok(Valid { input, faults, webhook_url, webhook_secret: order.webhook_secret })
}

/// `sim:redirect`: the first create at one path is sent to its twin; the one that arrives there goes on.
fn redirect(sim: &Sim, valid: &Valid, path: &str) -> Option<Response> {
    let twin = path.strip_suffix('/').map_or_else(|| format!("{path}/"), str::to_owned);
    let to = match valid.faults.redirect? {
        Redirect::Elsewhere => elsewhere(sim),
        Redirect::Slash => {
            let mut book = sim.book();
            if book.redirected.remove(&(path.to_owned(), valid.input.fingerprint())) {
                return None;
            }
            book.redirected.insert((twin.clone(), valid.input.fingerprint()));
            twin
        }
    };
    Some((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, to)]).into_response())
}

/// Another host by name, though this process counts who goes there.
fn elsewhere(sim: &Sim) -> String {
    let port = url::Url::parse(&sim.base).ok().and_then(|base| base.port_or_known_default()).unwrap_or(80);
    format!("http://localhost:{port}{ELSEWHERE}")
}

fn refuse_on_request(sim: &Sim, valid: &Valid) -> Result<(), Refusal> {
    let (mut book, fingerprint) = (sim.book(), valid.input.fingerprint());
    for (code, times) in &valid.faults.refuse {
        if book.acts(&code.to_string(), &fingerprint, *times) {
            let details = format!("the prompt asked for it with sim:{code}");
            return Err(match code {
                401 => Refusal::new(StatusCode::UNAUTHORIZED, "Unauthorized", details),
                402 => Refusal::new(StatusCode::PAYMENT_REQUIRED, "Insufficient balance", details),
                403 => Refusal::new(StatusCode::FORBIDDEN, "Forbidden", details),
                429 => Refusal::too_many(details, 1),
                _ => Refusal::internal(details),
            });
        }
    }
    Ok(())
}

async fn accept(sim: Arc<Sim>, account: String, valid: Valid) -> Result<Response, Refusal> {
    let (id, at) = (uuid(), OffsetDateTime::now_utc());
    let entry = JournalEntry {
        prediction_id: id.clone(),
        at: at.format(&Rfc3339).unwrap_or_default(),
        key_hash: account,
        input: valid.input.raw.clone(),
        webhook_url: valid.webhook_url,
        webhook_secret: valid.webhook_secret,
    };
    let fingerprint = valid.input.fingerprint();
    let answer = valid.faults.answer;
    {
        // One lock around the count and the insert: two creates never share the last free place.
        let mut book = sim.book();
        let limit = sim.options.running_limit;
        if book.running(&entry.key_hash) >= limit {
            return Err(Refusal::too_many(format!("{limit} predictions are running under this key"), 1));
        }
        book.insert(Prediction::new(entry.clone(), at, valid.input, valid.faults));
    }
    if let Err(error) = sim.journal.append(&entry).await {
        sim.book().remove(&id);
        return Err(Refusal::internal(format!("the journal cannot be written: {error}")));
    }
    tracing::info!(prediction = id, "prediction accepted");
    job::spawn(&sim, id.clone());
    webhook::report_early(&sim, &id).await;
    match answer {
        Some((lost, times)) if sim.book().acts("answer", &fingerprint, times) => Ok(lose(lost)),
        _ => {
            let body = json!({ "status": "success", "message": "Prediction created successfully", "predictionID": id });
            Ok(Json(body).into_response())
        }
    }
}

fn lose(answer: LostAnswer) -> Response {
    match answer {
        LostAnswer::Status500 => Refusal::internal("the prompt asked for it; the create was accepted").into_response(),
        LostAnswer::Garbage => ([(header::CONTENT_TYPE, "application/json")], "{\"status\":\"succ").into_response(),
        LostAnswer::Dropped => DropConnection::response(),
    }
}
