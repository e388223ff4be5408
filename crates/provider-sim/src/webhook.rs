//! Tells a webhook how its prediction ended: three tries, one pause apart, secret in `X-Webhook-Secret`.

use std::time::Duration;

use serde_json::{Value, json};

use crate::prediction::Outcome;
use crate::state::{Sim, count};

const TRIES: u32 = 3;
/// The card: answer within 30 s.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// How long a create waits for the webhook that `sim:webhook-early` sends before its answer.
const EARLY_WITHIN: Duration = Duration::from_secs(3);

struct Hook {
    url: String,
    secret: Option<String>,
    body: Value,
}

/// Reports the end as often as the prompt asks for; nothing after a cancel.
pub(crate) async fn report(sim: &Sim, id: &str) {
    let hook = {
        let book = sim.book();
        let Some(prediction) = book.predictions.get(id) else { return };
        let (status, error) = match prediction.ending.as_ref().map(|ending| &ending.outcome) {
            Some(Outcome::Succeeded { .. }) => ("succeeded", ""),
            Some(Outcome::Failed { message, .. }) => ("failed", message.as_str()),
            Some(Outcome::Cancelled) | None => return,
        };
        if matches!(prediction.faults.final_word(), Some("cancelled" | "canceled")) {
            return;
        }
        let body = body(id, status, &prediction.output(&sim.base), error);
        hook(prediction, body).map(|hook| (hook, prediction.faults.webhooks.unwrap_or(1)))
    };
    let Some((hook, times)) = hook else { return };
    for _ in 0..times {
        deliver(sim, &hook).await;
    }
}

/// One try, before the create is answered, that already claims success.
pub(crate) async fn report_early(sim: &Sim, id: &str) {
    let hook = {
        let book = sim.book();
        let Some(prediction) = book.predictions.get(id).filter(|prediction| prediction.faults.webhook_early) else {
            return;
        };
        hook(prediction, body(id, "succeeded", &prediction.result_url(&sim.base), ""))
    };
    if let Some(hook) = hook {
        // A receiver that waits for the create's answer first must not lock both sides.
        let _ = tokio::time::timeout(EARLY_WITHIN, attempt(sim, &hook)).await;
    }
}

fn body(id: &str, status: &str, output: &Value, error: &str) -> Value {
    json!({ "exec_id": id, "status": status, "output": output, "error": error })
}

fn hook(prediction: &crate::prediction::Prediction, body: Value) -> Option<Hook> {
    let url = prediction.entry.webhook_url.clone()?;
    Some(Hook { url, secret: prediction.entry.webhook_secret.clone(), body })
}

async fn deliver(sim: &Sim, hook: &Hook) {
    for left in (0..TRIES).rev() {
        match attempt(sim, hook).await {
            Ok(()) => return,
            Err(why) if left == 0 => tracing::warn!(why, "a webhook was given up"),
            Err(why) => {
                tracing::debug!(why, "a webhook will be tried again");
                tokio::time::sleep(sim.options.webhook_gap).await;
            }
        }
    }
}

async fn attempt(sim: &Sim, hook: &Hook) -> Result<(), String> {
    count(&sim.counters.webhooks_sent);
    let mut request = sim.http.post(&hook.url).json(&hook.body).timeout(ANSWER_WITHIN);
    if let Some(secret) = &hook.secret {
        request = request.header("x-webhook-secret", secret);
    }
    let status = request.send().await.map_err(|error| error.without_url().to_string())?.status();
    if status.is_success() { Ok(()) } else { Err(format!("answered {status}")) }
}
