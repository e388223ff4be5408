//! Whatever the provider answers, a dub ends as the design's tables say, and is bought at most once.

use contract::{Code, Dub, Phase};
use futures_util::future::join_all;

use crate::helpers::{TestApp, eventually};

struct Case {
    word: &'static str,
    phase: Phase,
    code: Option<Code>,
    /// How many creates the provider has accepted.
    bought: usize,
}

const fn case(word: &'static str, phase: Phase, code: Option<Code>, bought: usize) -> Case {
    Case { word, phase, code, bought }
}

async fn check(cases: &[Case]) {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dubs = join_all(cases.iter().map(|case| async {
        let asked = visitor.ask(&app.wish(case.word)).await;
        visitor.rest(&asked.id.0).await
    }));
    let dubs: Vec<Dub> = dubs.await;
    for (case, dub) in cases.iter().zip(dubs) {
        let code = dub.problem.as_ref().map(|problem| problem.code);
        assert_eq!((dub.phase, code), (case.phase, case.code), "{}: {:?}", case.word, dub.problem);
        assert_eq!(bought(&app, &dub), case.bought, "{}", case.word);
        assert_eq!(dub.output.is_some(), case.phase == Phase::Succeeded, "{}", case.word);
    }
    let stats = app.sim.stats();
    assert_eq!((stats.strayed_requests, stats.keys_sent_to_storage), (0, 0), "the key goes nowhere else");
}

fn bought(app: &TestApp, dub: &Dub) -> usize {
    let is_ours =
        |seed: Option<&serde_json::Value>| seed.and_then(serde_json::Value::as_u64) == Some(dub.input.seed.into());
    app.sim.journal().iter().filter(|entry| is_ours(entry.input.get("seed"))).count()
}

#[tokio::test]
async fn a_create_whose_fate_is_unknown_is_unconfirmed_and_never_sent_again() {
    let unconfirmed = |word, bought| case(word, Phase::Unconfirmed, Some(Code::CreateUnconfirmed), bought);
    check(&[
        unconfirmed("sim:500", 0),
        unconfirmed("sim:500-after-accept sim:unlisted", 1),
        unconfirmed("sim:drop-after-accept sim:unlisted", 1),
        unconfirmed("sim:garbage-after-accept sim:unlisted", 1),
        unconfirmed("sim:redirect=elsewhere", 0),
    ])
    .await;
}

#[tokio::test]
async fn a_create_that_surely_bought_nothing_is_sent_again_and_bought_once() {
    let made = |word| case(word, Phase::Succeeded, None, 1);
    check(&[made("sim:429"), made("sim:401"), made("sim:402"), made("sim:redirect")]).await;
}

#[tokio::test]
async fn what_reads_say_is_followed_through_their_failures() {
    let made = |word| case(word, Phase::Succeeded, None, 1);
    let failed = |word, code| case(word, Phase::Failed, Some(code), 1);
    check(&[
        made("sim:poll-500=3"),
        made("sim:poll-404"),
        made("sim:status=starting"),
        made("sim:status=something-new"),
        failed("sim:error", Code::DubFailed),
        failed("sim:status=failed", Code::DubFailed),
        case("sim:status=canceled", Phase::Cancelled, None, 1),
    ])
    .await;
}

#[tokio::test]
async fn results_are_taken_in_every_shape_but_only_from_where_they_may_come() {
    let made = |word| case(word, Phase::Succeeded, None, 1);
    let unusable = |word| case(word, Phase::Failed, Some(Code::ResultUnusable), 1);
    check(&[
        made("sim:output=array"),
        made("sim:output=object"),
        made("sim:short-download"),
        unusable("sim:output=null"),
        unusable("sim:output=private"),
    ])
    .await;
}

#[tokio::test]
async fn reads_suffice_whatever_webhooks_do() {
    let made = |word| case(word, Phase::Succeeded, None, 1);
    check(&[made("sim:no-webhook"), made("sim:webhook-twice"), made("sim:webhook-early"), made("sim:slow=0.2")]).await;
}

#[tokio::test]
async fn a_prediction_that_the_provider_forgets_is_unconfirmed() {
    check(&[case("sim:poll-404=always", Phase::Unconfirmed, Some(Code::CreateUnconfirmed), 1)]).await;
}

#[tokio::test]
async fn a_refused_key_closes_the_gate_and_tells_the_visitor_that_it_waits() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("sim:401=always")).await;
    let waiting = visitor.until(&dub.id.0, |dub| dub.problem.is_some()).await;
    assert_eq!(waiting.problem.unwrap().code, Code::ProviderUnavailable);
    assert!(matches!(waiting.phase, Phase::Queued | Phase::Submitting));
    assert_eq!(app.sim.journal().len(), 0);
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_leaves_dubs_in_the_queue() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", nobody.local_addr().unwrap());
    drop(nobody);
    let app = TestApp::with(|config| config.provider.base_url = url.parse().unwrap()).await;
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("")).await;
    let waiting = visitor.until(&dub.id.0, |dub| dub.problem.is_some()).await;
    assert!(matches!(waiting.phase, Phase::Queued | Phase::Submitting), "{:?}", waiting.phase);
    assert_eq!(waiting.problem.unwrap().code, Code::ProviderUnavailable);
}

#[tokio::test]
async fn no_more_run_at_once_than_the_limit() {
    let app = TestApp::with(|config| config.dispatch.limits.running = 2).await;
    let visitor = app.visitor().await;
    let ids = join_all((0..5).map(|_| async { visitor.ask(&app.wish("sim:slow=0.3")).await.id.0 })).await;
    for id in ids {
        assert_eq!(visitor.rest(&id).await.phase, Phase::Succeeded);
    }
    assert!(app.sim.max_running_seen() <= 2);
    assert_eq!(app.sim.journal().len(), 5);
}

#[tokio::test]
async fn no_more_is_created_in_a_minute_than_the_limit() {
    let app = TestApp::with(|config| config.dispatch.limits.creates = 2).await;
    let visitor = app.visitor().await;
    let ids = join_all((0..4).map(|_| async { visitor.ask(&app.wish("sim:error")).await.id.0 })).await;
    // Two ends set two slots free, and each end wakes the queue: whatever was allowed has been sent by then.
    eventually(async || {
        let phases = join_all(ids.iter().map(|id| async { visitor.dub(id).await.phase })).await;
        (phases.iter().filter(|phase| **phase == Phase::Failed).count() == 2).then_some(())
    })
    .await;
    let waiting = join_all(ids.iter().map(|id| async { visitor.dub(id).await.phase })).await;
    assert_eq!(waiting.iter().filter(|phase| **phase == Phase::Queued).count(), 2);
    assert_eq!(app.sim.create_requests_seen(), 2);
}
