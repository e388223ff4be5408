//! How long results are kept: what their owners are told before and after, and what a crash in between leaves.

use std::{path::PathBuf, time::Duration};

use contract::{Code, Dub, Phase, Problem, routes};
use redub_server::{
    clock::Moment,
    media::result_key,
    storage::Storage,
    store::{KeepStore as _, LifeStore as _, SqliteStore},
};
use reqwest::Method;

use crate::helpers::{Answer, TestApp, Visitor, eventually};

fn file(app: &TestApp, dub: &Dub) -> PathBuf {
    app.config.data.join("media").join(&dub.id.0).join("dub.mp4")
}

fn is_gone(dub: &Dub) -> bool {
    dub.problem.as_ref().is_some_and(|problem| problem.code == Code::ResultGone)
}

/// The dub as one that was made and whose video is not kept any more.
async fn assert_told(visitor: &Visitor, dub: &Dub) -> Problem {
    let told = visitor.dub(&dub.id.0).await;
    assert_eq!((told.phase, &told.output), (Phase::Succeeded, &None));
    let problem = visitor.get(&routes::media(&dub.id.0, "dub.mp4")).await.problem();
    assert_eq!((problem.status, problem.code), (410, Code::ResultGone));
    assert_eq!(told.problem.unwrap().detail, problem.detail);
    problem
}

#[tokio::test]
async fn an_owner_is_told_until_when_a_video_is_kept() {
    let app = TestApp::with(|config| config.results.keep = Duration::from_hours(24 * 365)).await;
    let visitor = app.visitor().await;
    let dub = visitor.made(&app, "Deutsch").await;
    let year = |time: &str| time.split('-').next().unwrap().parse::<u32>().unwrap();
    let (finished, expires) = (dub.finished_at.unwrap(), dub.output.unwrap().expires_at.unwrap());
    assert!(year(&finished) < year(&expires), "{finished} {expires}");
}

#[tokio::test]
async fn a_video_whose_time_is_over_goes_and_its_owner_is_told() {
    let app = TestApp::with(|config| config.results.keep = Duration::from_millis(1)).await;
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("")).await;
    let dub = visitor.until(&dub.id.0, is_gone).await;
    let detail = assert_told(&visitor, &dub).await.detail;
    assert!(detail.contains(&Moment::now().day()[2..]), "{detail}");
    assert_eq!(app.stranger().get(&routes::media(&dub.id.0, "dub.mp4")).await.status, 404, "nobody else is told");
    eventually(async || (!file(&app, &dub).exists()).then_some(())).await;
    let app = app.restart().await;
    let visitor = Visitor { base: app.base.clone(), ..visitor };
    assert_told(&visitor, &dub).await;
    let deleted = Answer::to(visitor.request(Method::DELETE, &routes::dub(&dub.id.0))).await;
    assert_eq!((deleted.status, visitor.get(&routes::dub(&dub.id.0)).await.status), (204, 404));
}

#[tokio::test]
async fn a_missing_file_is_told_at_once_in_place_of_a_broken_video() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dub = visitor.made(&app, "Deutsch").await;
    std::fs::remove_file(file(&app, &dub)).unwrap();
    let head = Answer::to(visitor.request(Method::HEAD, &dub.output.as_ref().unwrap().url)).await;
    assert_eq!(head.status, 410);
    let detail = assert_told(&visitor, &dub).await.detail;
    assert!(detail.contains("missing"), "{detail}");
}

#[tokio::test]
async fn a_crash_at_any_step_of_a_removal_leaves_neither_file_nor_promise() {
    for steps in [1, 2] {
        let app = TestApp::start().await;
        let visitor = app.visitor().await;
        let dub = visitor.made(&app, "Deutsch").await;
        let app = app
            .restart_after(async |config| {
                let store = SqliteStore::open(&config.data.join("redub.sqlite")).await.unwrap();
                let (problem, late) =
                    (Problem::new(Code::ResultGone, "Over."), Moment::now() + Duration::from_hours(99));
                assert!(store.expire_result(&dub.id, problem, late).await.unwrap());
                let removal = store.removals(9, late).await.unwrap().remove(0);
                store.keep_removal(&removal, Moment::now()).await.unwrap();
                if steps == 2 {
                    let storage = Storage::folder(&config.data).unwrap();
                    storage.delete(&result_key(&dub.id, "dub.mp4")).await.unwrap();
                }
            })
            .await;
        let visitor = Visitor { base: app.base.clone(), ..visitor };
        assert_told(&visitor, &dub).await;
        let store = SqliteStore::open(&app.config.data.join("redub.sqlite")).await.unwrap();
        let late = Moment::now() + Duration::from_hours(99);
        eventually(async || store.removals(9, late).await.unwrap().is_empty().then_some(())).await;
        assert!(!file(&app, &dub).exists(), "after {steps}");
    }
}
