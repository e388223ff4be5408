//! The card's limits: running at once, and creates in a minute.

use reqwest::StatusCode;

use crate::helpers::Sandbox;

#[tokio::test]
async fn no_more_run_at_once_than_the_limit_however_they_arrive() {
    let sandbox = Sandbox::with(|options| options.running_limit = 3).await;
    let input = sandbox.input("sim:slow=600").await;
    let answers = futures_util::future::join_all((0..8).map(|_| sandbox.create(&input))).await;
    let (accepted, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status() == StatusCode::OK);
    assert_eq!((accepted.len(), refused.len()), (3, 5));
    assert!(refused.iter().all(|answer| answer.status() == StatusCode::TOO_MANY_REQUESTS));
    assert!(refused.iter().all(|answer| answer.headers().contains_key("retry-after")));
    assert_eq!((sandbox.sim.journal().len(), sandbox.sim.max_running_seen()), (3, 3));
    assert_eq!(sandbox.sim.create_requests_seen(), 8);
}

#[tokio::test]
async fn a_place_is_free_when_a_prediction_ends() {
    let sandbox = Sandbox::with(|options| options.running_limit = 1).await;
    let id = sandbox.accepted(&sandbox.input("sim:error").await).await;
    sandbox.ended(&id).await;
    sandbox.accepted(&sandbox.input("sim:error").await).await;
}

#[tokio::test]
async fn creates_in_a_minute_are_counted_by_key() {
    let sandbox = Sandbox::with(|options| options.creates_per_minute = 2).await;
    let input = sandbox.input("sim:error").await;
    sandbox.accepted(&input).await;
    sandbox.accepted(&input).await;
    let refused = sandbox.create(&input).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = refused.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=61).contains(&wait), "{wait}");
    let request = sandbox.http.post(sandbox.url("/v1/prediction")).header("X-API-Key", "another");
    let other = request.json(&crate::helpers::order(&input)).send().await.expect("an answer");
    assert_eq!(other.status(), StatusCode::OK);
}
