//! Asking for dubs, and looking at them.

use contract::{Code, Dub, DubPage, Phase, routes};
use serde_json::json;

use crate::helpers::TestApp;

#[tokio::test]
async fn an_accepted_dub_is_answered_with_its_place() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let answer = visitor.post(routes::DUBS, &app.wish("a smile")).await;
    assert_eq!(answer.status, 202);
    let dub: Dub = answer.json();
    assert_eq!(answer.header("location"), routes::dub(&dub.id.0));
    assert_eq!((dub.phase, dub.queue_position), (Phase::Queued, Some(1)));
    assert_eq!(dub.input.prompt.as_deref(), Some("a smile"));
    assert!(dub.created_at.ends_with('Z') && dub.estimate_s.is_some());
    assert_eq!(visitor.dub(&dub.id.0).await, dub);
}

#[tokio::test]
async fn a_dub_is_made_and_can_be_looked_at_without_being_sent_again_and_again() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dub = visitor.made(&app, "Español").await;
    let output = dub.output.clone().unwrap();
    assert_eq!((output.width, output.height), (896, 448));
    assert!(output.duration_ms.abs_diff(500) < 200, "{}", output.duration_ms);
    assert!(dub.started_at.is_some() && dub.finished_at.is_some());
    assert_eq!(app.sim.journal().len(), 1);
    let path = routes::dub(&dub.id.0);
    let seen = visitor.get(&path).await;
    assert_eq!(seen.header("cache-control"), "private, no-cache");
    let again = visitor.get_with(&path, "if-none-match", seen.header("etag")).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(visitor.get_with(&path, "if-none-match", "\"other\"").await.status, 200);
}

#[tokio::test]
async fn the_etag_changes_when_the_dub_does() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("sim:error")).await;
    let path = routes::dub(&dub.id.0);
    let early = visitor.get(&path).await;
    visitor.rest(&dub.id.0).await;
    let late = visitor.get_with(&path, "if-none-match", early.header("etag")).await;
    assert_eq!((late.status, late.json::<Dub>().phase), (200, Phase::Failed));
}

#[tokio::test]
async fn dubs_are_listed_newest_first_a_page_at_a_time() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let mut asked = Vec::new();
    for label in ["one", "two", "three", "four", "five"] {
        let mut wish = app.wish("");
        wish["label"] = json!(label);
        asked.push(visitor.ask(&wish).await.id);
    }
    asked.reverse();
    let (mut listed, mut cursor) = (Vec::new(), String::new());
    loop {
        let page: DubPage = visitor.get(&format!("{}?limit=2{cursor}", routes::DUBS)).await.json();
        assert!(page.dubs.len() <= 2);
        listed.extend(page.dubs.into_iter().map(|dub| dub.id));
        let Some(next) = page.next_cursor else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(listed, asked);
}

#[tokio::test]
async fn dubs_are_found_by_phase_and_by_text() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for label in ["Español 100%", "Deutsch"] {
        let mut wish = app.wish("");
        wish["label"] = json!(label);
        visitor.ask(&wish).await;
    }
    for (query, found) in [
        ("phase=queued", 2),
        ("phase=failed", 0),
        ("q=deut", 1),
        ("q=100%25", 1),
        ("q=_", 0),
        ("q=presenter.mp4", 2),
        ("q=", 2),
        ("q=deut&phase=failed", 0),
    ] {
        let page: DubPage = visitor.get(&format!("{}?{query}", routes::DUBS)).await.json();
        assert_eq!(page.dubs.len(), found, "{query}");
    }
}

#[tokio::test]
async fn parameters_that_are_not_understood_are_refused() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let refused = visitor.get(&format!("{}?limit=0&phase=done&page=2&cursor=x", routes::DUBS)).await.refused();
    assert_eq!(refused, ["limit", "phase", "page", "cursor"]);
}

#[tokio::test]
async fn only_an_unconfirmed_dub_is_sent_again_and_only_when_the_charge_is_accepted() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dub = visitor.rest(&visitor.ask(&app.wish("sim:drop-after-accept=1 sim:unlisted")).await.id.0).await;
    assert_eq!(dub.phase, Phase::Unconfirmed);
    let path = routes::resubmit(&dub.id.0);
    let refused = visitor.post(&path, &json!({ "accept_second_charge": false })).await;
    assert_eq!((refused.status, refused.problem().code), (409, Code::Conflict));
    assert_eq!(visitor.post(&path, &json!({})).await.refused(), ["accept_second_charge"]);
    let accepted = visitor.post(&path, &json!({ "accept_second_charge": true })).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text());
    let done = visitor.rest(&dub.id.0).await;
    assert_eq!((done.phase, app.sim.journal().len()), (Phase::Succeeded, 2));
    let late = visitor.post(&path, &json!({ "accept_second_charge": true })).await;
    assert_eq!((late.status, late.problem().code), (409, Code::Conflict));
}
