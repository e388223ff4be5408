//! The journal, and a restart on the same folder.

use serde_json::{Value, json};

use crate::helpers::Sandbox;

#[tokio::test]
async fn an_accepted_create_is_a_whole_line_before_it_is_answered() {
    let sandbox = Sandbox::start().await;
    let input = sandbox.input("sim:error").await;
    let id = sandbox.accepted(&input).await;
    let text = std::fs::read_to_string(sandbox.sim.journal_path()).expect("the journal");
    let line: Value = serde_json::from_str(text.trim_end()).expect("one line of JSON");
    assert!(text.ends_with('\n'));
    assert_eq!((&line["prediction_id"], &line["input"]), (&json!(id), &input));
    assert!(!text.contains("\"test\""), "the key is not written down");
}

#[tokio::test]
async fn a_restart_knows_what_ended_and_goes_on_with_what_ran() {
    let sandbox = Sandbox::start().await;
    let (done, _) = sandbox.result(&sandbox.input("").await).await;
    let cancelled = sandbox.accepted(&sandbox.input("sim:slow=600").await).await;
    sandbox.post(&format!("/v1/prediction/{cancelled}/cancel"), &json!({})).await.expect("an answer");
    let running = sandbox.accepted(&sandbox.input("sim:slow=0.5 sim:error").await).await;
    let address = sandbox.sim.addr();
    let sandbox = sandbox.restart(|options| options.listen = address).await;
    let again = sandbox.read(done["id"].as_str().expect("an id")).await;
    assert_eq!(again, done);
    let file = sandbox.http.get(again["output"].as_str().expect("a URL")).send().await.expect("the result");
    assert!(file.status().is_success());
    assert_eq!(sandbox.read(&cancelled).await["status"], "cancelled");
    assert_eq!(sandbox.ended(&running).await["status"], "error");
    assert_eq!(sandbox.sim.journal().len(), 3);
}
