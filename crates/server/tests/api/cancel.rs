//! Cancelling: at once where nothing runs, at the provider where something does, and never what is over.

use contract::{Code, Dub, Phase, routes};
use serde_json::json;

use crate::helpers::{Answer, TestApp, Visitor, eventually};

async fn cancel(visitor: &Visitor, id: &str) -> Answer {
    visitor.post(&routes::cancel(id), &json!({})).await
}

#[tokio::test]
async fn a_waiting_dub_is_cancelled_at_once_and_asking_again_changes_nothing() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("")).await;
    let answer = cancel(&visitor, &dub.id.0).await;
    assert_eq!((answer.status, answer.header("location")), (202, routes::dub(&dub.id.0).as_str()));
    let cancelled: Dub = answer.json();
    assert_eq!((cancelled.phase, cancelled.queue_position), (Phase::Cancelled, None));
    assert!(cancelled.finished_at.is_some());
    let again = cancel(&visitor, &dub.id.0).await;
    assert_eq!((again.status, again.json::<Dub>()), (202, cancelled));
    let stranger = app.visitor().await;
    assert_eq!(cancel(&stranger, &dub.id.0).await.problem().code, Code::NotFound);
    assert_eq!(app.sim.create_requests_seen(), 0);
}

#[tokio::test]
async fn a_running_dub_is_cancelled_at_the_provider_and_frees_its_slot() {
    let app = TestApp::with(|config| config.dispatch.limits.running = 1).await;
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("sim:slow=600")).await;
    visitor.until(&dub.id.0, |dub| dub.phase == Phase::Processing).await;
    let next = visitor.ask(&app.wish("")).await;
    let answer = cancel(&visitor, &dub.id.0).await;
    assert_eq!((answer.status, answer.json::<Dub>().phase), (202, Phase::Processing), "{}", answer.text());
    assert_eq!(visitor.rest(&dub.id.0).await.phase, Phase::Cancelled);
    assert_eq!(visitor.rest(&next.id.0).await.phase, Phase::Succeeded);
    assert_eq!(app.sim.max_running_seen(), 1);
}

#[tokio::test]
async fn a_dub_that_is_cancelled_while_it_is_sent_is_cancelled_once_its_fate_is_known() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("sim:slow=600")).await;
    // Whichever phase this meets, the end is the same.
    assert_eq!(cancel(&visitor, &dub.id.0).await.status, 202);
    assert_eq!(visitor.rest(&dub.id.0).await.phase, Phase::Cancelled);
    app.sim.settled().await;
    assert!(app.sim.journal().len() <= 1);
}

#[tokio::test]
async fn a_wish_to_cancel_survives_a_restart() {
    let (app, between) = TestApp::between(|_| {}).await;
    between.answer_with("/cancel", 500);
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("sim:slow=600")).await;
    visitor.until(&dub.id.0, |dub| dub.phase == Phase::Processing).await;
    assert_eq!(cancel(&visitor, &dub.id.0).await.status, 202);
    eventually(async || (between.asked("/cancel") >= 2).then_some(())).await;
    let app = app.restart().await;
    let visitor = Visitor { base: app.base.clone(), ..visitor };
    assert_eq!(visitor.dub(&dub.id.0).await.phase, Phase::Processing);
    between.answer_with("/cancel", 0);
    assert_eq!(visitor.rest(&dub.id.0).await.phase, Phase::Cancelled);
    assert_eq!(app.sim.stats().running, 0);
}

#[tokio::test]
async fn an_unconfirmed_dub_is_cancelled_by_its_owner() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dub = visitor.rest(&visitor.ask(&app.wish("sim:500")).await.id.0).await;
    assert_eq!(dub.phase, Phase::Unconfirmed);
    let cancelled: Dub = cancel(&visitor, &dub.id.0).await.json();
    assert_eq!((cancelled.phase, cancelled.problem.unwrap().code), (Phase::Cancelled, Code::CreateUnconfirmed));
    let resubmit = visitor.post(&routes::resubmit(&dub.id.0), &json!({ "accept_second_charge": true })).await;
    assert_eq!(resubmit.problem().code, Code::Conflict);
}

#[tokio::test]
async fn a_dub_goes_on_where_the_provider_cannot_cancel() {
    let (app, between) = TestApp::between(|_| {}).await;
    between.answer_with("/cancel", 405);
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("sim:slow=2")).await;
    visitor.until(&dub.id.0, |dub| dub.phase == Phase::Processing).await;
    assert_eq!(cancel(&visitor, &dub.id.0).await.status, 202);
    assert_eq!(visitor.rest(&dub.id.0).await.phase, Phase::Succeeded);
    assert_eq!(between.asked("/cancel"), 1);
}

#[tokio::test]
async fn what_is_made_or_has_failed_cannot_be_cancelled() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let made = visitor.made(&app, "Deutsch").await;
    let failed = visitor.rest(&visitor.ask(&app.wish("sim:error")).await.id.0).await;
    for dub in [made, failed] {
        let answer = cancel(&visitor, &dub.id.0).await;
        assert_eq!((answer.status, answer.problem().code), (409, Code::Conflict));
        assert_eq!(visitor.dub(&dub.id.0).await, dub);
    }
}
