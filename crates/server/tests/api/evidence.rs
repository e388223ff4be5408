//! Creates whose answers were lost: found again by what the provider lists, whatever has become of the dub meanwhile.

use contract::{Code, Dub, Phase, routes};
use serde_json::json;

use crate::{
    between::Between,
    helpers::{TestApp, Visitor, eventually},
};

/// A server that does not see the provider's list, and an unconfirmed dub of a visitor's.
async fn lost(prompt: &str) -> (TestApp, Between, Visitor, Dub) {
    let (app, between) = TestApp::between(|_| {}).await;
    between.answer_with("/executions", 500);
    let visitor = app.visitor().await;
    let dub = visitor.rest(&visitor.ask(&app.wish(prompt)).await.id.0).await;
    assert_eq!((dub.phase, dub.problem.as_ref().unwrap().code), (Phase::Unconfirmed, Code::CreateUnconfirmed));
    assert_eq!(app.sim.journal().len(), 1);
    (app, between, visitor, dub)
}

async fn resubmit(visitor: &Visitor, dub: &Dub) {
    let answer = visitor.post(&routes::resubmit(&dub.id.0), &json!({ "accept_second_charge": true })).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
}

#[tokio::test]
async fn a_create_whose_answer_was_lost_is_found_in_the_list_and_made() {
    for word in ["sim:500-after-accept", "sim:drop-after-accept", "sim:garbage-after-accept"] {
        let (app, between, visitor, dub) = lost(word).await;
        between.answer_with("/executions", 0);
        let made = visitor.until(&dub.id.0, |dub| dub.phase.is_final()).await;
        assert_eq!((made.phase, made.problem, app.sim.journal().len()), (Phase::Succeeded, None, 1), "{word}");
    }
}

#[tokio::test]
async fn what_was_lost_is_looked_for_after_a_restart_too() {
    let (app, between, visitor, dub) = lost("sim:drop-after-accept sim:slow=600").await;
    let app = app.restart().await;
    let visitor = Visitor { base: app.base.clone(), ..visitor };
    assert_eq!(visitor.dub(&dub.id.0).await.phase, Phase::Unconfirmed);
    between.answer_with("/executions", 0);
    visitor.until(&dub.id.0, |dub| dub.phase == Phase::Processing).await;
    assert_eq!(app.sim.journal().len(), 1);
}

#[tokio::test]
async fn late_evidence_for_a_cancelled_dub_is_cancelled_at_the_provider() {
    let (app, between, visitor, dub) = lost("sim:drop-after-accept sim:slow=600").await;
    assert_eq!(visitor.post(&routes::cancel(&dub.id.0), &json!({})).await.status, 202);
    assert_eq!(app.sim.stats().running, 1);
    between.answer_with("/executions", 0);
    eventually(async || (app.sim.stats().running == 0).then_some(())).await;
    assert_eq!(visitor.dub(&dub.id.0).await.phase, Phase::Cancelled);
}

#[tokio::test]
async fn a_dub_that_was_paid_twice_keeps_one_and_the_other_is_cancelled() {
    let (app, between, visitor, dub) = lost("sim:drop-after-accept=1 sim:slow=600").await;
    resubmit(&visitor, &dub).await;
    visitor.until(&dub.id.0, |dub| dub.phase == Phase::Processing).await;
    assert_eq!(app.sim.stats().running, 2);
    between.answer_with("/executions", 0);
    eventually(async || (app.sim.stats().running == 1).then_some(())).await;
    assert_eq!(visitor.dub(&dub.id.0).await.phase, Phase::Processing, "it stands on the one that it had");
    assert_eq!(between.asked("/cancel"), 1);
}

#[tokio::test]
async fn what_is_found_before_a_resubmit_is_sent_saves_the_second_charge() {
    let (app, between, visitor, dub) = lost("sim:drop-after-accept").await;
    // The gate is closed: the resubmitted dub has to wait.
    between.answer_with("/prediction/", 402);
    let other = visitor.ask(&app.wish("sim:error")).await;
    visitor.until(&other.id.0, |dub| dub.problem.is_some()).await;
    resubmit(&visitor, &dub).await;
    between.answer_with("/executions", 0);
    visitor.until(&dub.id.0, |dub| dub.phase.is_final()).await;
    between.answer_with("/prediction/", 0);
    visitor.until(&other.id.0, |dub| dub.phase == Phase::Failed).await;
    assert_eq!(visitor.dub(&dub.id.0).await.phase, Phase::Succeeded);
    assert_eq!(app.sim.journal().len(), 2, "one each");
}

#[tokio::test]
async fn another_dubs_prediction_is_no_evidence() {
    let (app, between) = TestApp::between(|_| {}).await;
    let visitor = app.visitor().await;
    let mut wish = app.wish("sim:drop-after-accept=1");
    wish["seed"] = json!(7);
    // The same order twice: the answer to the first is lost, that to the second is not.
    between.answer_with("/executions", 500);
    let lost = visitor.rest(&visitor.ask(&wish).await.id.0).await;
    let made = visitor.rest(&visitor.ask(&wish).await.id.0).await;
    assert_eq!((lost.phase, made.phase), (Phase::Unconfirmed, Phase::Succeeded));
    between.answer_with("/executions", 0);
    let found = visitor.until(&lost.id.0, |dub| dub.phase.is_final()).await;
    assert_eq!((found.phase, app.sim.journal().len()), (Phase::Succeeded, 2), "each has its own");
    assert_eq!(between.asked("/cancel"), 0);
}

#[tokio::test]
async fn a_provider_without_a_list_is_not_asked_again() {
    let (app, between) = TestApp::between(|_| {}).await;
    between.answer_with("/executions", 404);
    let visitor = app.visitor().await;
    for _ in 0..2 {
        let dub = visitor.rest(&visitor.ask(&app.wish("sim:drop-after-accept")).await.id.0).await;
        assert_eq!(dub.phase, Phase::Unconfirmed);
        eventually(async || (between.asked("/executions") > 0).then_some(())).await;
    }
    assert_eq!(between.asked("/executions"), 1);
}
