//! While the provider refuses our key, or our balance is too low: nothing is sent, everybody may queue, all are told.

use std::{path::Path, time::Duration};

use contract::{Code, Phase, routes};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    binary::{ended, ready, server, terminate},
    helpers::{KEY, TestApp, Visitor, eventually},
    tus::{VIDEO, VOICE, id},
};

const KEY_LINE: &str = "the provider refuses the key: check EACHLABS_API_KEY";
const BALANCE_LINE: &str = "the balance at the provider is too low";

async fn provider_is(visitor: &Visitor, word: &str) {
    eventually(async || {
        let answer = visitor.get("/readyz").await;
        assert_eq!(answer.status, 200, "visitors can still queue");
        (answer.json::<Value>()["provider"] == word).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_refused_key_or_too_low_a_balance_stops_all_creates_and_everybody_is_told() {
    for (fault, word) in
        [("sim:401=always", "key_refused"), ("sim:403=always", "key_refused"), ("sim:402=always", "balance_too_low")]
    {
        let app = TestApp::with(|config| config.dispatch.shut = Duration::from_hours(1)).await;
        let (anna, ben) = (app.visitor().await, app.visitor().await);
        anna.ask(&app.wish(fault)).await;
        provider_is(&ben, word).await;
        let dubs = join_all((0..5).map(|_| async { ben.ask(&app.wish("")).await })).await;
        for dub in dubs {
            let waiting = ben.dub(&dub.id.0).await;
            let problem = waiting.problem.unwrap();
            assert_eq!((waiting.phase, problem.code), (Phase::Queued, Code::ProviderUnavailable));
            for words in ["operator has been told", "waits in the queue", "goes on by itself"] {
                assert!(problem.detail.contains(words), "{}", problem.detail);
            }
            for secret in ["key", "balance", "401", "402", "403"] {
                assert!(!problem.detail.contains(secret), "it is the operator's business: {}", problem.detail);
            }
        }
        assert_eq!(app.sim.create_requests_seen(), 1, "the one that was refused");
        let app = app.restart().await;
        let answer = app.stranger().get("/readyz").await;
        assert_eq!(
            (answer.status, &answer.json::<Value>()["provider"]),
            (200, &word.into()),
            "before anything is sent"
        );
    }
}

/// The program itself with the provider at `v1_url`, until this has refused it in `word`, and all that it has logged.
async fn log_of_a_refused_server(
    v1_url: String,
    app: &TestApp,
    folder: &Path,
    ask: impl AsyncFnOnce(&Visitor),
    word: &str,
) -> String {
    let mut command = server(folder);
    command.env("EACHLABS_API_KEY", KEY).env("REDUB_MODE", "sandbox").env("REDUB_PROVIDER_URL", v1_url);
    command.env("REDUB_LOG_FORMAT", "json");
    let mut child = command.spawn().unwrap();
    let (address, log) = ready(&mut child).await;
    let mut visitor = Visitor { base: format!("http://{address}"), ..app.stranger() };
    let config = visitor.get(routes::CONFIG).await;
    visitor.cookie = Some(config.header("set-cookie").split(';').next().unwrap().to_owned());
    ask(&visitor).await;
    provider_is(&visitor, word).await;
    terminate(&child);
    assert!(ended(child).await.success());
    log.await.unwrap()
}

#[tokio::test]
async fn the_operator_is_told_once_and_once_more_after_a_restart() {
    for (fault, word, line) in
        [("sim:401=always", "key_refused", KEY_LINE), ("sim:402=always", "balance_too_low", BALANCE_LINE)]
    {
        let (app, folder) = (TestApp::idle().await, tempfile::tempdir().unwrap());
        let wish = app.wish(fault);
        let (url, ask) = (app.sim.v1_url(), async |visitor: &Visitor| drop(visitor.ask(&wish).await));
        let first = log_of_a_refused_server(url.clone(), &app, folder.path(), ask, word).await;
        assert_eq!(first.matches(line).count(), 1, "{first}");
        let second = log_of_a_refused_server(url, &app, folder.path(), async |_: &Visitor| {}, word).await;
        assert_eq!(second.matches(&format!("as the last server was told, {line}")).count(), 1, "{second}");
        assert!(!format!("{first}{second}").contains(KEY));
    }
}

#[tokio::test]
async fn one_create_at_a_time_finds_out_when_the_provider_takes_dubs_again() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let first = visitor.ask(&app.wish("sim:402=2")).await;
    provider_is(&visitor, "balance_too_low").await;
    let others = join_all((0..3).map(|_| async { visitor.ask(&app.wish("sim:error")).await })).await;
    assert_eq!(visitor.rest(&first.id.0).await.phase, Phase::Succeeded);
    for dub in others {
        assert_eq!(visitor.rest(&dub.id.0).await.phase, Phase::Failed);
    }
    provider_is(&visitor, "ok").await;
    assert_eq!(app.sim.journal().len(), 4);
}

/// Asks for `count` dubs of the same two files.
async fn ask_with_files(visitor: &Visitor, count: usize) -> Vec<String> {
    let (video, audio) =
        (visitor.upload("video", "clip.mp4", VIDEO).await, visitor.upload("audio", "voice.mp3", VOICE).await);
    let wish =
        json!({ "video": { "upload_id": id(&video) }, "audio": { "upload_id": id(&audio) }, "resolution": "480p" });
    join_all((0..count).map(|_| async { visitor.ask(&wish).await.id.0 })).await
}

#[tokio::test]
async fn files_that_the_provider_takes_none_of_from_us_stop_everything_just_so() {
    for (status, word) in [(401, "key_refused"), (403, "key_refused"), (402, "balance_too_low")] {
        let (app, between) = TestApp::between(|config| config.dispatch.shut = Duration::from_hours(1)).await;
        let visitor = app.visitor().await;
        between.answer_presigns_with(status);
        let first = ask_with_files(&visitor, 1).await.remove(0);
        provider_is(&visitor, word).await;
        let later = ask_with_files(&visitor, 2).await;
        let without = visitor.ask(&app.wish("")).await.id.0;
        for (dub, phase) in [(&first, Phase::Staging), (&later[0], Phase::Queued), (&without, Phase::Queued)] {
            let waiting = visitor.until(dub, |dub| dub.problem.is_some()).await;
            assert_eq!(waiting.phase, phase);
            assert!(waiting.problem.unwrap().detail.contains("operator has been told"), "{word}");
        }
        assert_eq!((between.asked("/upload/presign"), app.sim.create_requests_seen()), (1, 0));
    }
}

#[tokio::test]
async fn once_the_provider_takes_files_from_us_again_all_dubs_that_waited_are_made() {
    let (app, between) = TestApp::between(|_| {}).await;
    let visitor = app.visitor().await;
    between.answer_presigns_with(402);
    let dubs = ask_with_files(&visitor, 3).await;
    provider_is(&visitor, "balance_too_low").await;
    let refused = between.asked("/upload/presign");
    eventually(async || (between.asked("/upload/presign") > refused + 2).then_some(())).await;
    between.answer_presigns_with(0);
    for dub in dubs {
        assert_eq!(visitor.rest(&dub).await.phase, Phase::Succeeded);
    }
    provider_is(&visitor, "ok").await;
    assert_eq!(app.sim.journal().len(), 3);
}

#[tokio::test]
async fn the_operator_is_told_once_that_no_files_are_taken_however_many_dubs_wait() {
    for (status, word, line) in [(401, "key_refused", KEY_LINE), (402, "balance_too_low", BALANCE_LINE)] {
        let ((app, between), folder) = (TestApp::between(|_| {}).await, tempfile::tempdir().unwrap());
        between.answer_presigns_with(status);
        let ask = async |visitor: &Visitor| {
            for dub in ask_with_files(visitor, 3).await {
                visitor.until(&dub, |dub| dub.problem.is_some()).await;
            }
        };
        let log = log_of_a_refused_server(between.v1_url(), &app, folder.path(), ask, word).await;
        assert_eq!(log.matches(line).count(), 1, "{log}");
        assert!(between.asked("/upload/presign") <= 3, "none is asked for before a minute is over");
        assert!(!log.contains("could not be staged") && !log.contains(KEY), "{log}");
    }
}
