//! While the provider refuses our key, or our balance is too low: nothing is sent, everybody may queue, all are told.

use std::{path::Path, time::Duration};

use contract::{Code, Phase, routes};
use futures_util::future::join_all;
use serde_json::Value;

use crate::{
    binary::{ended, ready, server, terminate},
    helpers::{KEY, TestApp, Visitor, eventually},
};

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
    for (fault, word) in [("sim:401=always", "key_refused"), ("sim:402=always", "balance_too_low")] {
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
            for secret in ["key", "balance", "401", "402"] {
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

/// The program itself, until the provider has refused it in `word`, and all that it has logged.
async fn log_of_a_refused_server(app: &TestApp, folder: &Path, wish: Option<&Value>, word: &str) -> String {
    let mut command = server(folder);
    command.env("EACHLABS_API_KEY", KEY).env("REDUB_MODE", "sandbox").env("REDUB_PROVIDER_URL", app.sim.v1_url());
    command.env("REDUB_LOG_FORMAT", "json");
    let mut child = command.spawn().unwrap();
    let (address, log) = ready(&mut child).await;
    let mut visitor = Visitor { base: format!("http://{address}"), ..app.stranger() };
    if let Some(wish) = wish {
        let config = visitor.get(routes::CONFIG).await;
        visitor.cookie = Some(config.header("set-cookie").split(';').next().unwrap().to_owned());
        visitor.ask(wish).await;
    }
    provider_is(&visitor, word).await;
    terminate(&child);
    assert!(ended(child).await.success());
    log.await.unwrap()
}

#[tokio::test]
async fn the_operator_is_told_once_and_once_more_after_a_restart() {
    for (fault, word, line) in [
        ("sim:401=always", "key_refused", "the provider refuses the key: check EACHLABS_API_KEY"),
        ("sim:402=always", "balance_too_low", "the balance at the provider is too low"),
    ] {
        let (app, folder) = (TestApp::idle().await, tempfile::tempdir().unwrap());
        let wish = app.wish(fault);
        let first = log_of_a_refused_server(&app, folder.path(), Some(&wish), word).await;
        assert_eq!(first.matches(line).count(), 1, "{first}");
        let second = log_of_a_refused_server(&app, folder.path(), None, word).await;
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
