//! While the provider refuses our key, or our balance is too low: nothing is sent, everybody may queue, all are told.

use std::time::Duration;

use contract::{Code, Phase};
use futures_util::future::join_all;
use serde_json::Value;

use crate::helpers::{TestApp, Visitor, eventually};

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
        provider_is(&app.stranger(), "unavailable").await;
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
