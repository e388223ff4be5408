//! Tells a webhook how its prediction ended: three tries, one pause apart, the secret in `X-Webhook-Secret` and proved by
//! `X-Webhook-Signature`, an HMAC-SHA256 over `timestamp.body`.

use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use time::OffsetDateTime;

use crate::hash::hex;
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
    let (body, now) = (hook.body.to_string(), OffsetDateTime::now_utc().unix_timestamp());
    let mut request = sim.http.post(&hook.url).header("content-type", "application/json").timeout(ANSWER_WITHIN);
    if let Some(secret) = &hook.secret {
        request = request
            .header("x-webhook-secret", secret)
            .header("x-webhook-timestamp", now)
            .header("x-webhook-signature", signature(secret, now, &body));
    }
    let request = request.body(body);
    let status = request.send().await.map_err(|error| error.without_url().to_string())?.status();
    if status.is_success() { Ok(()) } else { Err(format!("answered {status}")) }
}

/// Over the time in seconds, a dot and the body; in hexadecimal.
fn signature(secret: &str, timestamp: i64, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{timestamp}.{body}").as_bytes());
    hex(&mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_signature_is_what_openssl_makes_of_time_and_body() {
        // printf '7.{}' | openssl dgst -sha256 -hmac s3cret
        let expected = "67035840eef27b08f5cb7d09aa6d944777f40dad2ea6d09a6a71729a01176aca";
        assert_eq!(super::signature("s3cret", 7, "{}"), expected);
    }
}
