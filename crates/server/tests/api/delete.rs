//! Deleting: gone for its owner at once, whatever its phase, and soon from every disk.

use std::path::PathBuf;

use contract::{Code, DubPage, Phase, routes};
use reqwest::Method;
use serde_json::json;

use crate::helpers::{Answer, TestApp, Visitor, eventually};

async fn delete(visitor: &Visitor, id: &str) -> Answer {
    Answer::to(visitor.request(Method::DELETE, &routes::dub(id))).await
}

async fn assert_gone(visitor: &Visitor, id: &str) {
    assert_eq!(visitor.get(&routes::dub(id)).await.problem().code, Code::NotFound);
    let page: DubPage = visitor.get(routes::DUBS).await.json();
    assert!(page.dubs.iter().all(|dub| dub.id.0 != id));
    for path in [routes::cancel(id), routes::resubmit(id)] {
        let answer = visitor.post(&path, &json!({ "accept_second_charge": true })).await;
        assert_eq!(answer.status, 404, "{path}");
    }
}

fn file(app: &TestApp, id: &str) -> PathBuf {
    app.config.data.join("media").join(id)
}

#[tokio::test]
async fn a_deleted_dub_is_gone_with_its_result() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dub = visitor.made(&app, "Deutsch").await;
    let (id, url) = (dub.id.0, dub.output.unwrap().url);
    assert!(file(&app, &id).exists());
    let stranger = app.visitor().await;
    assert_eq!(delete(&stranger, &id).await.problem().code, Code::NotFound);
    assert_eq!(visitor.get(&url).await.status, 200);
    let answer = delete(&visitor, &id).await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert_gone(&visitor, &id).await;
    assert_eq!(visitor.get(&url).await.status, 404);
    eventually(async || (!file(&app, &id).exists()).then_some(())).await;
    assert_eq!(delete(&visitor, &id).await.status, 404);
}

#[tokio::test]
async fn a_result_that_cannot_be_removed_yet_is_removed_after_a_restart() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let id = visitor.made(&app, "Deutsch").await.id.0;
    // A folder in the place of the file: it cannot be removed as one.
    let path = file(&app, &id).join("dub.mp4");
    std::fs::remove_file(&path).unwrap();
    std::fs::create_dir_all(path.join("in the way")).unwrap();
    assert_eq!(delete(&visitor, &id).await.status, 204);
    let app = app.restart().await;
    assert!(path.exists());
    std::fs::remove_dir_all(&path).unwrap();
    std::fs::write(&path, b"a video").unwrap();
    eventually(async || (!path.exists()).then_some(())).await;
    drop(app);
}

#[tokio::test]
async fn a_running_dub_is_deleted_at_once_and_cancelled_at_the_provider() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let id = visitor.ask(&app.wish("sim:slow=600")).await.id.0;
    visitor.until(&id, |dub| dub.phase == Phase::Processing).await;
    assert_eq!(delete(&visitor, &id).await.status, 204);
    assert_gone(&visitor, &id).await;
    eventually(async || (app.sim.stats().running == 0).then_some(())).await;
}

#[tokio::test]
async fn a_waiting_dub_is_deleted_and_never_sent() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let id = visitor.ask(&app.wish("")).await.id.0;
    assert_eq!(delete(&visitor, &id).await.status, 204);
    assert_gone(&visitor, &id).await;
    assert_eq!(app.sim.create_requests_seen(), 0);
}

#[tokio::test]
async fn late_evidence_for_a_deleted_dub_is_cancelled_at_the_provider() {
    let (app, between) = TestApp::between(|_| {}).await;
    between.answer_with("/executions", 500);
    let visitor = app.visitor().await;
    let id = visitor.rest(&visitor.ask(&app.wish("sim:drop-after-accept sim:slow=600")).await.id.0).await.id.0;
    assert_eq!((delete(&visitor, &id).await.status, app.sim.stats().running), (204, 1));
    between.answer_with("/executions", 0);
    eventually(async || (app.sim.stats().running == 0).then_some(())).await;
    assert_gone(&visitor, &id).await;
}
