//! The provider's limits are rows: a restart forgets none of them. And visitors take turns below them.

use std::time::Duration;

use contract::{Code, Phase, Problem};
use redub_server::{
    clock::Moment,
    store::{Claim, ProviderLimits, SqliteStore, Store as _},
};

use crate::helpers::{TestApp, eventually};

/// What the next server would do first with a store that `app`'s leaves behind.
async fn first_claim_after(app: TestApp, limits: ProviderLimits) -> (Claim, Moment) {
    let data = app.config.data.clone();
    let (_folder, _sim) = app.stop().await;
    let store = SqliteStore::open(&data.join("redub.sqlite")).await.unwrap();
    let now = Moment::now();
    let lost = store.recover(Problem::new(Code::CreateUnconfirmed, "Lost."), now, now).await.unwrap();
    assert_eq!(lost, 0, "nothing was in flight");
    (store.claim(limits, now).await.unwrap(), now)
}

#[tokio::test]
async fn a_restart_does_not_forget_which_slots_are_taken() {
    let limits = ProviderLimits { running: 2, creates: 100 };
    let app = TestApp::with(|config| config.dispatch.limits = limits).await;
    let visitor = app.visitor().await;
    for _ in 0..3 {
        visitor.ask(&app.wish("sim:slow=3600")).await;
    }
    eventually(async || (app.sim.journal().len() == 2).then_some(())).await;
    eventually(async || {
        let page: contract::DubPage = visitor.get("/api/dubs?phase=processing").await.json();
        (page.dubs.len() == 2).then_some(())
    })
    .await;
    let (claim, _) = first_claim_after(app, limits).await;
    assert_eq!(claim, Claim::Wait(Moment::NEVER), "both predictions may still be running");
}

#[tokio::test]
async fn a_restart_does_not_forget_the_creates_of_the_last_minute() {
    let limits = ProviderLimits { running: 10, creates: 2 };
    let app = TestApp::with(|config| config.dispatch.limits = limits).await;
    let visitor = app.visitor().await;
    let asked = Moment::now();
    let mut dubs = Vec::new();
    for _ in 0..3 {
        dubs.push(visitor.ask(&app.wish("sim:error")).await.id.0);
    }
    for id in &dubs[..2] {
        assert_eq!(visitor.rest(id).await.phase, Phase::Failed);
    }
    let (claim, now) = first_claim_after(app, limits).await;
    let Claim::Wait(until) = claim else { panic!("{claim:?}") };
    assert!(until >= asked + ProviderLimits::WINDOW && until <= now + ProviderLimits::WINDOW, "{until} at {now}");
    assert!(until.after(now) <= Duration::from_mins(1));
}

#[tokio::test]
async fn one_with_many_dubs_does_not_starve_one_with_a_single_dub() {
    let app = TestApp::idle().await;
    let (many, one) = (app.visitor().await, app.visitor().await);
    for _ in 0..20 {
        many.ask(&app.wish("")).await;
    }
    assert_eq!(one.ask(&app.wish("")).await.queue_position, Some(2));
}
