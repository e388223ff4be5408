//! The plain answers: keys, errors, reads, lists, cancel, samples.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::helpers::{Sandbox, id_of, order};

#[tokio::test]
async fn only_the_configured_key_is_let_in_by_either_header() {
    let sandbox = Sandbox::with(|options| options.key = Some("right".into())).await;
    let url = sandbox.url("/v1/model?slug=infinitalk-video-to-video");
    for (name, value, wanted) in [
        ("X-API-Key", "right", StatusCode::OK),
        ("Authorization", "Bearer right", StatusCode::OK),
        ("X-API-Key", "wrong", StatusCode::UNAUTHORIZED),
        ("Authorization", "right", StatusCode::UNAUTHORIZED),
        ("X-Other", "right", StatusCode::UNAUTHORIZED),
    ] {
        let answer = sandbox.http.get(&url).header(name, value).send().await.expect("an answer");
        assert_eq!(answer.status(), wanted, "{name}: {value}");
    }
}

#[tokio::test]
async fn both_create_paths_accept() {
    let sandbox = Sandbox::start().await;
    let body = order(&sandbox.input("sim:error").await);
    for path in ["/v1/prediction", "/v1/prediction/"] {
        id_of(sandbox.post(path, &body).await.expect("an answer")).await;
    }
    assert_eq!(sandbox.sim.journal().len(), 2);
}

#[tokio::test]
async fn what_is_unknown_or_invalid_gets_the_cards_error() {
    let sandbox = Sandbox::start().await;
    let input = sandbox.input("").await;
    let with = |name: &str, value: Value| {
        let mut changed = input.clone();
        changed[name] = value;
        order(&changed)
    };
    let private = "http://10.0.0.1/a.mp3";
    for (body, status, words) in [
        (json!({ "model": "other", "input": input }), 404, "model not found"),
        (with("resolution", json!("1080p")), 400, "resolution"),
        (with("seed", json!(0)), 400, "seed"),
        (with("audio", Value::Null), 400, "audio is required"),
        (with("video", json!("http://127.0.0.1:9/v.mp4")), 400, "HTTPS"),
        (with("audio", json!(private)), 400, "HTTPS"),
        (with("prompt", json!("sim:typo")), 400, "sim:typo"),
        (json!({ "model": "infinitalk-video-to-video", "input": input, "webhook_url": private }), 400, "webhook_url"),
        (json!([]), 400, ""),
    ] {
        let answer = sandbox.post("/v1/prediction/", &body).await.expect("an answer");
        assert_eq!(answer.status(), status, "{body}");
        let error: Value = answer.json().await.expect("JSON");
        assert_eq!(error["status"], "error");
        let said = format!("{} {}", error["message"], error["details"]);
        assert!(said.contains(words), "{body}: {said}");
    }
    for path in ["/v1/prediction/none", "/v1/model?slug=none", "/v1/none"] {
        assert_eq!(sandbox.get(path).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    assert!(sandbox.sim.journal().is_empty());
    assert_eq!(sandbox.sim.create_requests_seen(), 9);
}

#[tokio::test]
async fn the_list_has_the_newest_first_and_echoes_inputs() {
    let sandbox = Sandbox::start().await;
    let input = sandbox.input("sim:error").await;
    let (first, second) = (sandbox.accepted(&input).await, sandbox.accepted(&input).await);
    let list = async |query: &str| {
        let answer: Value = sandbox.get(&format!("/v1/executions?{query}")).await.json().await.expect("JSON");
        let ids = answer["executions"].as_array().expect("a list").iter().map(|view| view["id"].clone());
        (ids.collect::<Vec<_>>(), answer["executions"][0]["input"].clone())
    };
    assert_eq!(list("model=infinitalk-video-to-video&limit=100").await, (vec![json!(second), json!(first)], input));
    assert_eq!(list("limit=1").await.0, [json!(second)]);
    assert!(list("model=other").await.0.is_empty());
    assert!(list("from=2999-01-01").await.0.is_empty());
    assert_eq!(list("from=2020-01-01T00:00:00Z").await.0.len(), 2);
    assert_eq!(sandbox.get("/v1/executions?limit=101").await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_cancel_ends_what_runs_and_leaves_what_has_ended() {
    let sandbox = Sandbox::start().await;
    let running = sandbox.accepted(&sandbox.input("sim:slow=600").await).await;
    let failed = sandbox.accepted(&sandbox.input("sim:error").await).await;
    sandbox.ended(&failed).await;
    for (id, status) in [(running.as_str(), "cancelled"), (failed.as_str(), "error")] {
        let answer = sandbox.post(&format!("/v1/prediction/{id}/cancel"), &json!({})).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(sandbox.read(id).await["status"], status);
    }
    assert_eq!(sandbox.sim.stats().running, 0);
}

#[tokio::test]
async fn a_page_of_another_origin_can_play_a_sample_in_parts() {
    let sandbox = Sandbox::start().await;
    for (name, kind) in
        [("presenter.mp4", "video/mp4"), ("greeting_es.mp3", "audio/mpeg"), ("greeting_de.mp3", "audio/mpeg")]
    {
        let whole = sandbox.http.get(sandbox.sim.sample_url(name)).send().await.expect("an answer");
        assert_eq!(whole.headers()["content-type"], kind);
        assert_eq!(whole.headers()["access-control-allow-origin"], "*");
        assert_eq!(whole.headers()["accept-ranges"], "bytes");
        let whole = whole.bytes().await.expect("bytes");
        let range = sandbox.http.get(sandbox.sim.sample_url(name)).header("Range", "bytes=100-199");
        let part = range.send().await.expect("an answer");
        assert_eq!(part.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(part.headers()["content-range"].to_str().ok(), Some(&*format!("bytes 100-199/{}", whole.len())));
        assert_eq!(part.bytes().await.expect("bytes"), whole[100..200]);
    }
}
