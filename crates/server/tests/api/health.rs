//! Whether the server lives and can work; what it says of itself.

use contract::{Code, Config, Mode, routes};
use serde_json::{Value, json};

use crate::helpers::TestApp;

#[tokio::test]
async fn a_server_that_works_says_so() {
    let app = TestApp::idle().await;
    let visitor = app.stranger();
    assert_eq!(visitor.get("/healthz").await.json::<Value>(), json!({ "status": "ok" }));
    assert_eq!(visitor.get("/readyz").await.json::<Value>(), json!({ "status": "ready", "provider": "ok" }));
}

#[tokio::test]
async fn a_server_whose_media_folder_is_gone_lives_but_is_not_ready() {
    let app = TestApp::idle().await;
    let visitor = app.stranger();
    assert_eq!(visitor.get("/readyz").await.status, 200);
    std::fs::remove_dir_all(&app.config.data).unwrap();
    assert_eq!(visitor.get("/healthz").await.status, 200);
    let answer = visitor.get("/readyz").await;
    assert_eq!((answer.status, answer.problem().code), (503, Code::NotReady));
}

#[tokio::test]
async fn the_page_is_told_what_it_must_know() {
    let app = TestApp::with(|config| config.site.brand = "Dubber".into()).await;
    let answer = app.stranger().get(routes::CONFIG).await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "no-store"));
    let config: Config = answer.json();
    assert_eq!((config.mode, config.brand.name.as_str(), config.estimate_s), (Mode::Sandbox, "Dubber", 300));
    let sample = config.sample.unwrap();
    assert_eq!(sample.video, app.sim.sample_url("presenter.mp4"));
    let labels: Vec<_> = sample.voices.iter().map(|voice| voice.label.as_str()).collect();
    assert_eq!(labels, ["Español", "Deutsch"]);
}
