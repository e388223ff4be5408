//! Faults that show in reads and downloads.

use std::time::Duration;

use serde_json::{Value, json};

use crate::helpers::{Sandbox, until};

#[tokio::test]
async fn reads_fail_as_often_as_asked_and_then_answer() {
    let sandbox = Sandbox::start().await;
    for (words, wanted) in [
        ("sim:poll-404", vec![404, 404, 200]),
        ("sim:poll-404=1 sim:poll-500=2", vec![404, 500, 500, 200]),
        ("sim:poll-500", vec![500, 200]),
        ("sim:poll-404=always", vec![404; 6]),
    ] {
        let id = sandbox.accepted(&sandbox.input(&format!("{words} sim:slow=600")).await).await;
        for status in wanted {
            assert_eq!(sandbox.get(&format!("/v1/prediction/{id}")).await.status(), status, "{words}");
        }
    }
}

#[tokio::test]
async fn a_status_word_is_shown_while_it_runs_and_a_final_one_at_the_end() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.accepted(&sandbox.input("sim:status=weird").await).await;
    assert_eq!(sandbox.read(&id).await["status"], "weird");
    assert_eq!(sandbox.ended(&id).await["status"], "success");
    for word in ["failed", "error", "cancelled", "canceled"] {
        let id = sandbox.accepted(&sandbox.input(&format!("sim:status={word} sim:slow=0.2")).await).await;
        assert_eq!(sandbox.read(&id).await["status"], "processing");
        let ended = sandbox.ended(&id).await;
        assert_eq!((&ended["status"], &ended["output"]), (&json!(word), &Value::Null));
    }
}

#[tokio::test]
async fn an_error_says_why() {
    let sandbox = Sandbox::start().await;
    let ended = sandbox.ended(&sandbox.accepted(&sandbox.input("sim:error").await).await).await;
    assert_eq!(ended["status"], "error");
    assert!(ended["message"].as_str().is_some_and(|words| !words.is_empty()));
    assert!(ended["details"].as_str().is_some_and(|words| words.contains("sim:error")));
}

#[tokio::test]
async fn a_slow_prediction_takes_its_time_and_a_quick_one_the_configured_least() {
    let sandbox = Sandbox::with(|options| options.predict = Duration::from_mins(10)).await;
    let ended = sandbox.ended(&sandbox.accepted(&sandbox.input("sim:error sim:slow=0.5").await).await).await;
    let took = ended["metrics"]["predict_time"].as_f64().expect("seconds");
    assert!((0.5..5.0).contains(&took), "{took}");
    let id = sandbox.accepted(&sandbox.input("sim:error").await).await;
    assert_eq!(sandbox.read(&id).await["status"], "processing");
}

#[tokio::test]
async fn the_output_has_the_shape_that_was_asked_for() {
    let sandbox = Sandbox::start().await;
    for shape in ["null", "array", "object", "private"] {
        let id = sandbox.accepted(&sandbox.input(&format!("sim:output={shape}")).await).await;
        let url = sandbox.url(&format!("/storage/results/{id}.mp4"));
        let wanted = match shape {
            "null" => Value::Null,
            "array" => json!([url]),
            "object" => json!({ "url": url }),
            _ => json!("http://10.0.0.1/result.mp4"),
        };
        let ended = sandbox.ended(&id).await;
        assert_eq!((&ended["status"], &ended["output"]), (&json!("success"), &wanted), "{shape}");
    }
}

#[tokio::test]
async fn a_short_download_breaks_off_once_and_is_whole_afterwards() {
    let sandbox = Sandbox::start().await;
    for (word, second_is_whole) in [("sim:short-download", true), ("sim:short-download=always", false)] {
        let ended = sandbox.ended(&sandbox.accepted(&sandbox.input(word).await).await).await;
        let url = ended["output"].as_str().expect("a URL");
        let first = sandbox.http.get(url).send().await.expect("a head");
        let promised = first.content_length().expect("a length");
        assert!(first.bytes().await.is_err(), "{word}: promised {promised}");
        let second = sandbox.http.get(url).send().await.expect("a head").bytes().await;
        assert_eq!(second.is_ok_and(|bytes| bytes.len() as u64 == promised), second_is_whole, "{word}");
    }
}

#[tokio::test]
async fn polling_sees_a_prediction_run_and_then_succeed() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.accepted(&sandbox.input("sim:slow=0.3").await).await;
    let first = sandbox.read(&id).await;
    assert_eq!((&first["status"], &first["output"]), (&json!("processing"), &Value::Null));
    let done = until(|| async { Some(sandbox.read(&id).await).filter(|view| view["status"] == "success") }).await;
    assert_eq!((&done["predictionID"], &done["id"]), (&json!(id), &json!(id)));
    assert!(done["metrics"]["predict_time"].as_f64().is_some_and(|seconds| seconds >= 0.3));
    assert!(done["metrics"]["cost"].as_f64().is_some_and(|usd| usd > 0.0));
    assert_eq!(done["urls"]["get"], sandbox.url(&format!("/v1/prediction/{id}")));
}
