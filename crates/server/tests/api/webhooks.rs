//! What the provider says on its own is a hint to look, from whomever it comes. One test for each line of the design.

use std::time::Duration;

use contract::{Code, Dub, Phase, routes};
use futures_util::future::join_all;
use redub_server::config::Config;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    between::Between,
    helpers::{Answer, KEY, TestApp, Visitor, eventually},
};

/// Has a server ask for webhooks: the simulator can call it.
pub(crate) fn asked_for(config: &mut Config) {
    config.site.public_url = Some(format!("http://{}", config.listen).parse().unwrap());
}

/// As [`asked_for`], and the server would not look by itself before the test is over.
fn needed(config: &mut Config) {
    asked_for(config);
    (config.dispatch.poll_first, config.dispatch.poll_max) = (Duration::from_hours(1), Duration::from_hours(1));
}

async fn called() -> TestApp {
    TestApp::with(needed).await
}

/// The path that the provider was told for a dub, and the prediction's id.
async fn told(app: &TestApp, dub: &Dub) -> (String, String) {
    let entry = eventually(async || {
        app.sim.journal().into_iter().find(|entry| entry.input.get("seed") == Some(&json!(dub.input.seed)))
    })
    .await;
    let url = entry.webhook_url.unwrap();
    (url.strip_prefix(&app.base).unwrap().to_owned(), entry.prediction_id)
}

/// A call as anybody on the internet may send it.
async fn call(app: &TestApp, path: &str, body: &Value) -> Answer {
    Answer::to(app.stranger().http.post(format!("{}{path}", app.base)).json(body)).await
}

/// The same over connections that are kept: a hundred calls make no hundred clients.
async fn again(visitor: &Visitor, path: &str, body: &Value) -> Answer {
    Answer::to(visitor.http.post(format!("{}{path}", visitor.base)).json(body)).await
}

/// What a webhook may say of a prediction; where it names a result, it lies.
pub(crate) fn says(id: &str, status: &str) -> Value {
    json!({ "exec_id": id, "status": status, "output": "https://evil.example/result.mp4", "error": "" })
}

fn success(id: &str) -> Value {
    says(id, "succeeded")
}

async fn processing(visitor: &Visitor, app: &TestApp, prompt: &str) -> Dub {
    let dub = visitor.ask(&app.wish(prompt)).await;
    visitor.until(&dub.id.0, |dub| dub.phase == Phase::Processing).await
}

#[tokio::test]
async fn a_dub_is_looked_at_as_soon_as_the_provider_calls() {
    let app = called().await;
    let visitor = app.visitor().await;
    let dub = visitor.made(&app, "").await;
    let entry = app.sim.journal().remove(0);
    let (url, secret) = (entry.webhook_url.unwrap(), entry.webhook_secret.unwrap());
    assert!(url.starts_with(&format!("{}/hooks/eachlabs/", app.base)));
    let shown = visitor.get(&routes::dub(&dub.id.0)).await.text();
    assert!(!shown.contains(url.rsplit('/').next().unwrap()) && !shown.contains(&secret));
}

#[tokio::test]
async fn without_a_public_address_no_webhook_is_asked_for() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    visitor.made(&app, "").await;
    let entry = app.sim.journal().remove(0);
    assert_eq!((entry.webhook_url, entry.webhook_secret), (None, None));
}

#[tokio::test]
async fn wrong_token_is_404() {
    let app = called().await;
    for token in ["0", "00000000000000000000000000000000", "..%2F", "%00"] {
        let answer = call(&app, &format!("/hooks/eachlabs/{token}"), &success("p")).await;
        assert_eq!((answer.status, answer.problem().code), (404, Code::NotFound), "{token}");
    }
    let answer = Answer::to(app.stranger().request(Method::GET, "/hooks/eachlabs/0")).await;
    assert_eq!(answer.status, 405);
}

/// Sends what a webhook may say until each of `ids` has been read twice at the provider: what the first read came to is booked
/// by then.
async fn until_looked_at(app: &TestApp, between: &Between, path: &str, bodies: &[Value], ids: &[&str]) {
    let before: Vec<_> = ids.iter().map(|id| between.asked(id)).collect();
    eventually(async || {
        for body in bodies {
            assert_eq!(call(app, path, body).await.status, 204, "{body}");
        }
        ids.iter().zip(&before).all(|(id, before)| between.asked(id) >= before + 2).then_some(())
    })
    .await;
}

#[tokio::test]
async fn another_dubs_id_under_a_good_token_changes_nothing() {
    let (app, between) = TestApp::between(needed).await;
    let (anna, ben) = (app.visitor().await, app.visitor().await);
    let hers = processing(&anna, &app, "sim:slow=600 sim:no-webhook").await;
    let his = processing(&ben, &app, "sim:slow=600 sim:no-webhook").await;
    let ((path, id), (_, other)) = (told(&app, &hers).await, told(&app, &his).await);
    until_looked_at(&app, &between, &path, &[success(&other)], &[&id, &other]).await;
    assert_eq!((anna.dub(&hers.id.0).await, ben.dub(&his.id.0).await), (hers, his));
    // A dub that nobody knows the fate of is not given another's prediction either.
    let lost = anna.ask(&app.wish("sim:500-after-accept sim:unlisted sim:slow=600")).await;
    let lost = anna.rest(&lost.id.0).await;
    let (path, _) = told(&app, &lost).await;
    until_looked_at(&app, &between, &path, &[success(&other)], &[&other]).await;
    let still = anna.dub(&lost.id.0).await;
    assert_eq!((still.phase, &still), (Phase::Unconfirmed, &lost));
}

/// Whoever shares the key may have predictions at the provider that are no dub's.
async fn of_no_dub(app: &TestApp) -> String {
    let wish = app.wish("sim:slow=600");
    let input = json!({ "video": wish["video"]["url"], "audio": wish["audio"]["url"], "prompt": wish["prompt"] });
    let order = json!({ "model": "infinitalk-video-to-video", "input": input });
    let create = app.stranger().http.post(format!("{}/prediction/", app.sim.v1_url())).header("x-api-key", KEY);
    Answer::to(create.json(&order)).await.json::<Value>()["predictionID"].as_str().unwrap().to_owned()
}

/// A server that would not look by itself, and dubs whose creates were lost, which the list does not have either.
async fn lost<const N: usize>() -> (TestApp, Between, Visitor, [Dub; N]) {
    let (app, between) = TestApp::between(needed).await;
    let visitor = app.visitor().await;
    let prompt = "sim:drop-after-accept sim:unlisted sim:no-webhook sim:slow=600";
    let dubs = join_all((0..N).map(async |_| {
        let dub = visitor.rest(&visitor.ask(&app.wish(prompt)).await.id.0).await;
        assert_eq!(dub.phase, Phase::Unconfirmed);
        dub
    }));
    let dubs = dubs.await.try_into().unwrap();
    (app, between, visitor, dubs)
}

#[tokio::test]
async fn a_prediction_with_another_input_is_no_evidence_by_the_secret_path_either() {
    let (app, between, visitor, [dub]) = lost().await;
    let ((path, _), other) = (told(&app, &dub).await, of_no_dub(&app).await);
    until_looked_at(&app, &between, &path, &[success(&other)], &[&other]).await;
    assert_eq!(visitor.dub(&dub.id.0).await, dub);
}

#[tokio::test]
async fn where_a_read_tells_no_input_the_secret_path_is_evidence_of_what_is_no_other_dubs() {
    let (app, between, visitor, [mine, other]) = lost().await;
    between.read_as_card();
    let (path, id) = told(&app, &mine).await;
    eventually(async || {
        assert_eq!(call(&app, &path, &success(&id)).await.status, 204);
        (visitor.dub(&mine.id.0).await.phase == Phase::Processing).then_some(())
    })
    .await;
    let (path, _) = told(&app, &other).await;
    until_looked_at(&app, &between, &path, &[success(&id), success("nonsense")], &[&id, "nonsense"]).await;
    assert_eq!(visitor.dub(&other.id.0).await, other);
    assert_eq!((app.sim.journal().len(), between.asked("/cancel")), (2, 0));
}

#[tokio::test]
async fn a_forged_success_changes_nothing() {
    let (app, between) = TestApp::between(needed).await;
    let visitor = app.visitor().await;
    let dub = processing(&visitor, &app, "sim:slow=600 sim:no-webhook").await;
    let (path, id) = told(&app, &dub).await;
    let forged = visitor.http.post(format!("{}{path}", app.base)).header("x-webhook-secret", "guessed");
    assert_eq!(Answer::to(forged.json(&success(&id))).await.status, 204);
    let bodies = [success(&id), success("nonsense"), json!({}), json!([1]), Value::Null];
    until_looked_at(&app, &between, &path, &bodies, &[&id, "nonsense"]).await;
    assert_eq!(visitor.dub(&dub.id.0).await, dub);
}

#[tokio::test]
async fn an_evil_output_url_changes_nothing() {
    let app = called().await;
    let visitor = app.visitor().await;
    let dub = processing(&visitor, &app, "sim:no-webhook").await;
    let (path, id) = told(&app, &dub).await;
    let made = eventually(async || {
        assert_eq!(call(&app, &path, &success(&id)).await.status, 204);
        Some(visitor.dub(&dub.id.0).await).filter(|dub| dub.phase.is_final())
    });
    let output = made.await.output.expect("the provider's own answer says where the result is");
    assert_eq!((output.width, output.height), (896, 448));
}

#[tokio::test]
async fn a_hundred_duplicates_are_one_change() {
    let app = called().await;
    let visitor = app.visitor().await;
    let dub = processing(&visitor, &app, "sim:error sim:no-webhook").await;
    let (path, id) = told(&app, &dub).await;
    let body = json!({ "exec_id": id, "status": "failed", "output": null, "error": "x" });
    let failed = eventually(async || {
        let answers = join_all((0..100).map(|_| again(&visitor, &path, &body))).await;
        assert!(answers.iter().all(|answer| answer.status == 204));
        Some(visitor.dub(&dub.id.0).await).filter(|dub| dub.phase == Phase::Failed)
    })
    .await;
    join_all((0..100).map(|_| again(&visitor, &path, &body))).await;
    assert_eq!(visitor.dub(&dub.id.0).await, failed);
    // Queued, submitting, processing, failed.
    assert_has_changed(&visitor, &dub, 4).await;
}

/// That a server whose only dub it is has numbered so many changes.
async fn assert_has_changed(visitor: &Visitor, dub: &Dub, times: i64) {
    let stream = visitor.request(Method::GET, &routes::dub_events(&dub.id.0)).header("last-event-id", times);
    assert_eq!(Answer::to(stream).await.status, 204, "nothing comes after its last change");
}

#[tokio::test]
async fn a_webhook_that_comes_twice_is_one_change() {
    let app = TestApp::with(asked_for).await;
    let visitor = app.visitor().await;
    let dub = visitor.rest(&visitor.ask(&app.wish("sim:webhook-twice sim:error")).await.id.0).await;
    app.sim.settled().await;
    assert_eq!((dub.phase, app.sim.stats().webhooks_sent), (Phase::Failed, 2));
    assert_eq!(visitor.dub(&dub.id.0).await, dub);
    assert_has_changed(&visitor, &dub, 4).await;
}

#[tokio::test]
async fn before_the_creates_own_answer_it_is_adopted_once() {
    // Where the answer is lost, the list does not have it either: the call alone can tell of it.
    let lost = "sim:drop-after-accept sim:unlisted";
    for word in ["sim:webhook-early", &format!("sim:webhook-early {lost}"), lost] {
        let app = called().await;
        let visitor = app.visitor().await;
        let dub = visitor.ask(&app.wish(word)).await;
        let made = visitor.until(&dub.id.0, |dub| dub.phase.is_final()).await;
        assert_eq!(made.phase, Phase::Succeeded, "{word}: {:?}", made.problem);
        app.sim.settled().await;
        assert_eq!(app.sim.journal().len(), 1, "{word}");
        // Queued, submitting, processing, saving, succeeded; unconfirmed too, where the call came after the loss.
        let changes = [Some(5), word.contains(lost).then_some(6)];
        assert!(changes.contains(&Some(made.revision)), "{word}: {} changes", made.revision);
        assert_has_changed(&visitor, &made, made.revision).await;
    }
}
