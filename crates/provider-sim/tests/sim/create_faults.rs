//! Faults around the create: refused, accepted but unanswered, sent elsewhere.

use reqwest::StatusCode;
use serde_json::json;

use crate::helpers::{Sandbox, id_of, order};

#[tokio::test]
async fn refusals_happen_the_first_times_for_the_same_input() {
    let sandbox = Sandbox::start().await;
    for (word, status, times) in [
        ("sim:401", 401, 1),
        ("sim:402", 402, 1),
        ("sim:403", 403, 1),
        ("sim:429", 429, 1),
        ("sim:429=2", 429, 2),
        ("sim:500=1", 500, 1),
    ] {
        let mut input = sandbox.input(&format!("{word} sim:error")).await;
        for _ in 0..times {
            let refused = sandbox.create(&input).await;
            assert_eq!(refused.status(), status, "{word}");
            assert_eq!(refused.headers().get("retry-after").is_some(), status == 429, "{word}");
        }
        sandbox.accepted(&input).await;
        input["seed"] = json!(8);
        assert_eq!(sandbox.create(&input).await.status(), status, "{word} for another input");
    }
    assert_eq!(sandbox.sim.journal().len(), 6);
}

#[tokio::test]
async fn sim_500_accepts_nothing_however_often() {
    let sandbox = Sandbox::start().await;
    let input = sandbox.input("sim:500").await;
    for _ in 0..3 {
        assert_eq!(sandbox.create(&input).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
    assert!(sandbox.sim.journal().is_empty());
}

#[tokio::test]
async fn an_unlisted_prediction_is_made_but_not_in_the_list() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.accepted(&sandbox.input("sim:unlisted sim:error").await).await;
    let list: serde_json::Value = sandbox.get("/v1/executions").await.json().await.expect("JSON");
    assert_eq!(list["executions"], json!([]));
    assert_eq!(sandbox.ended(&id).await["status"], "error");
}

#[tokio::test]
async fn an_accepted_create_whose_answer_is_lost_is_in_journal_and_list() {
    let sandbox = Sandbox::start().await;
    for (n, word) in ["sim:500-after-accept", "sim:garbage-after-accept", "sim:drop-after-accept"].iter().enumerate() {
        let input = sandbox.input(&format!("{word} sim:slow=600")).await;
        match (*word, sandbox.post("/v1/prediction/", &order(&input)).await) {
            ("sim:500-after-accept", Ok(answer)) => assert_eq!(answer.status(), 500),
            ("sim:garbage-after-accept", Ok(answer)) => {
                assert_eq!(answer.status(), 200);
                assert!(answer.json::<serde_json::Value>().await.is_err());
            }
            ("sim:drop-after-accept", Err(error)) => assert!(!error.is_connect() && !error.is_timeout(), "{error:?}"),
            (word, answer) => panic!("{word}: {answer:?}"),
        }
        let journal = sandbox.sim.journal();
        assert_eq!(journal.len(), n + 1, "{word}");
        let list: serde_json::Value = sandbox.get("/v1/executions?limit=1").await.json().await.expect("JSON");
        assert_eq!(list["executions"][0]["id"], journal[n].prediction_id, "{word}");
        assert_eq!(list["executions"][0]["input"], input, "{word}");
    }
}

#[tokio::test]
async fn a_redirect_leads_to_the_twin_path_where_the_create_is_accepted() {
    let sandbox = Sandbox::start().await;
    let body = order(&sandbox.input("sim:redirect sim:error").await);
    for (path, twin) in [("/v1/prediction/", "/v1/prediction"), ("/v1/prediction", "/v1/prediction/")] {
        let sent_on = sandbox.post(path, &body).await.expect("an answer");
        assert_eq!(sent_on.status(), StatusCode::TEMPORARY_REDIRECT);
        assert_eq!(sent_on.headers()["location"], twin);
        id_of(sandbox.post(twin, &body).await.expect("an answer")).await;
    }
    assert_eq!(sandbox.sim.journal().len(), 2);
}

#[tokio::test]
async fn a_redirect_elsewhere_accepts_nothing_and_counts_who_follows() {
    let sandbox = Sandbox::start().await;
    let sent_on = sandbox.create(&sandbox.input("sim:redirect=elsewhere").await).await;
    assert_eq!(sent_on.status(), StatusCode::TEMPORARY_REDIRECT);
    let to = sent_on.headers()["location"].to_str().expect("text").to_owned();
    assert!(to.starts_with("http://localhost:"), "{to}");
    assert_eq!(sandbox.sim.stats().strayed_requests, 0);
    sandbox.http.post(to.replace("localhost", "127.0.0.1")).send().await.expect("an answer");
    assert_eq!(sandbox.sim.stats().strayed_requests, 1);
    assert!(sandbox.sim.journal().is_empty());
}
