//! Webhooks, received on a socket of the test's own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use crate::helpers::{Sandbox, id_of, order, until};

/// A body and the secret that came with it.
type Call = (Value, Option<String>);

/// Bodies with their secrets, in order of arrival; the first answers may be failures.
#[derive(Clone)]
struct Receiver {
    url: String,
    calls: Arc<Mutex<Vec<Call>>>,
    failures: usize,
}

impl Receiver {
    async fn start(failures: usize) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let receiver = Self { url, calls: Arc::default(), failures };
        let app = Router::new().route("/hook", post(receive)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        receiver
    }

    fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("no panic").clone()
    }

    async fn wait_for(&self, number: usize) -> Vec<Call> {
        until(|| async { Some(self.calls()).filter(|calls| calls.len() >= number) }).await
    }
}

/// Answers 502 as often as it is to fail, then 204.
async fn receive(State(this): State<Receiver>, headers: HeaderMap, Json(body): Json<Value>) -> StatusCode {
    let secret = headers.get("x-webhook-secret").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut calls = this.calls.lock().expect("no panic");
    calls.push((body, secret));
    if calls.len() <= this.failures { StatusCode::BAD_GATEWAY } else { StatusCode::NO_CONTENT }
}

async fn sandbox() -> Sandbox {
    Sandbox::with(|options| {
        options.allow_local_media = true;
        options.webhook_gap = Duration::from_millis(50);
    })
    .await
}

async fn create(sandbox: &Sandbox, receiver: &Receiver, prompt: &str) -> String {
    let mut body = order(&sandbox.input(prompt).await);
    body["webhook_url"] = json!(receiver.url);
    body["webhook_secret"] = json!("s3cret");
    id_of(sandbox.post("/v1/prediction/", &body).await.expect("an answer")).await
}

#[tokio::test]
async fn the_end_is_reported_with_output_and_secret() {
    let (sandbox, receiver) = (sandbox().await, Receiver::start(0).await);
    let id = create(&sandbox, &receiver, "").await;
    let output = sandbox.url(&format!("/storage/results/{id}.mp4"));
    let wanted = json!({ "exec_id": id, "status": "succeeded", "output": output, "error": "" });
    assert_eq!(receiver.wait_for(1).await, [(wanted, Some("s3cret".to_owned()))]);
}

#[tokio::test]
async fn a_failure_is_reported_with_its_reason() {
    let (sandbox, receiver) = (sandbox().await, Receiver::start(0).await);
    create(&sandbox, &receiver, "sim:error").await;
    let calls = receiver.wait_for(1).await;
    assert_eq!((&calls[0].0["status"], &calls[0].0["output"]), (&json!("failed"), &Value::Null));
    assert_ne!(calls[0].0["error"], "");
}

#[tokio::test]
async fn a_webhook_is_tried_three_times_and_then_given_up() {
    let (sandbox, receiver) = (sandbox().await, Receiver::start(2).await);
    create(&sandbox, &receiver, "sim:error").await;
    let deaf = Receiver::start(usize::MAX).await;
    create(&sandbox, &deaf, "sim:error").await;
    // Whatever is tried belongs to a task: once none is left, nothing can follow.
    sandbox.sim.settled().await;
    assert_eq!((receiver.calls().len(), deaf.calls().len()), (3, 3));
}

#[tokio::test]
async fn words_ask_for_two_webhooks_or_none_or_an_early_one() {
    let (sandbox, twice) = (sandbox().await, Receiver::start(0).await);
    create(&sandbox, &twice, "sim:webhook-twice sim:error").await;
    let calls = twice.wait_for(2).await;
    assert_eq!(calls[0], calls[1]);

    let early = Receiver::start(0).await;
    let id = create(&sandbox, &early, "sim:webhook-early sim:slow=600").await;
    let calls = early.calls();
    assert_eq!(calls.len(), 1, "it was there before the answer");
    assert_eq!((&calls[0].0["exec_id"], &calls[0].0["status"]), (&json!(id), &json!("succeeded")));

    let (never, cancelled) = (Receiver::start(0).await, Receiver::start(0).await);
    let id = create(&sandbox, &never, "sim:no-webhook sim:error").await;
    sandbox.ended(&id).await;
    let id = create(&sandbox, &cancelled, "sim:slow=600").await;
    sandbox.post(&format!("/v1/prediction/{id}/cancel"), &json!({})).await.expect("an answer");
    sandbox.sim.shutdown().await;
    assert!(never.calls().is_empty() && cancelled.calls().is_empty());
}
