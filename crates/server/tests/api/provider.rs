//! Whatever the provider answers, a dub ends as the design's tables say, and is bought at most once: each word by which the
//! simulator can be asked for a fault, with what it comes to.

use std::collections::HashSet;

use contract::{Code, Dub, Phase};
use futures_util::future::join_all;

use crate::{
    helpers::{Answer, TestApp, Visitor, eventually},
    webhooks,
};

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

const fn made(word: &'static str) -> Case {
    case(word, Phase::Succeeded, None, 1)
}

const fn failed(word: &'static str, code: Code) -> Case {
    case(word, Phase::Failed, Some(code), 1)
}

const fn unconfirmed(word: &'static str, bought: usize) -> Case {
    case(word, Phase::Unconfirmed, Some(Code::CreateUnconfirmed), bought)
}

const FATE_UNKNOWN: &[Case] = &[
    unconfirmed("sim:500", 0),
    unconfirmed("sim:500-after-accept sim:unlisted", 1),
    unconfirmed("sim:drop-after-accept sim:unlisted", 1),
    unconfirmed("sim:garbage-after-accept sim:unlisted", 1),
    unconfirmed("sim:redirect=elsewhere", 0),
];

const NOTHING_BOUGHT: &[Case] =
    &[made("sim:429"), made("sim:401"), made("sim:402"), made("sim:403"), made("sim:redirect")];

const READS: &[Case] = &[
    made("sim:slow=0.2"),
    made("sim:poll-500=3"),
    made("sim:poll-404"),
    made("sim:status=created"),
    made("sim:status=starting"),
    made("sim:status=something-new"),
    failed("sim:error", Code::DubFailed),
    failed("sim:status=error", Code::DubFailed),
    failed("sim:status=failed", Code::DubFailed),
    case("sim:status=cancelled", Phase::Cancelled, None, 1),
    case("sim:status=canceled", Phase::Cancelled, None, 1),
];

const RESULTS: &[Case] = &[
    made("sim:output=array"),
    made("sim:output=object"),
    made("sim:short-download"),
    failed("sim:output=null", Code::ResultUnusable),
    failed("sim:output=private", Code::ResultUnusable),
];

const WEBHOOKS: &[Case] = &[
    made("sim:no-webhook"),
    made("sim:webhook-twice"),
    made("sim:webhook-early"),
    failed("sim:webhook-early sim:webhook-twice sim:error", Code::DubFailed),
];
/// How many webhooks all of these ask for.
const WEBHOOKS_SENT: usize = 2 + 2 + 3;

async fn check(cases: &[Case]) {
    let app = TestApp::start().await;
    check_in(&app, &app.visitor().await, cases).await;
}

/// Gives the dubs that the cases have come to.
async fn check_in(app: &TestApp, visitor: &Visitor, cases: &[Case]) -> Vec<Dub> {
    let dubs = join_all(cases.iter().map(|case| async {
        let asked = visitor.ask(&app.wish(case.word)).await;
        visitor.rest(&asked.id.0).await
    }));
    let dubs: Vec<Dub> = dubs.await;
    for (case, dub) in cases.iter().zip(&dubs) {
        let code = dub.problem.as_ref().map(|problem| problem.code);
        assert_eq!((dub.phase, code), (case.phase, case.code), "{}: {:?}", case.word, dub.problem);
        assert_eq!(bought(app, dub), case.bought, "{}", case.word);
        assert_eq!(dub.output.is_some(), case.phase == Phase::Succeeded, "{}", case.word);
    }
    let stats = app.sim.stats();
    assert_eq!((stats.strayed_requests, stats.keys_sent_to_storage), (0, 0), "the key goes nowhere else");
    dubs
}

fn bought(app: &TestApp, dub: &Dub) -> usize {
    let is_ours =
        |seed: Option<&serde_json::Value>| seed.and_then(serde_json::Value::as_u64) == Some(dub.input.seed.into());
    app.sim.journal().iter().filter(|entry| is_ours(entry.input.get("seed"))).count()
}

#[test]
fn each_sim_word_has_its_end_and_none_is_bought_twice() {
    let cases = || [FATE_UNKNOWN, NOTHING_BOUGHT, READS, RESULTS, WEBHOOKS].into_iter().flatten();
    let tried: HashSet<_> = cases().flat_map(|case| case.word.split(' ')).collect();
    let reference = provider_sim::fault_reference();
    let named = reference.split_whitespace().filter(|word| word.starts_with("sim:"));
    for word in named {
        // `sim:poll-404[=N|=always]`, `sim:output=null|array|object|private`, `sim:slow=SECONDS`
        let form = word.split('[').next().unwrap();
        let (name, values) = form.split_once('=').map_or((form, None), |(name, values)| (name, Some(values)));
        let has_tried =
            |wanted: &str| tried.iter().any(|word| word.split_once('=').map_or(*word, |(n, _)| n) == wanted);
        assert!(has_tried(name), "{word}");
        for value in
            values.into_iter().flat_map(|values| values.split('|')).filter(|value| !value.contains(char::is_uppercase))
        {
            assert!(tried.contains(&*format!("{name}={value}")), "{name}={value}");
        }
    }
    assert!(cases().all(|case| case.bought <= 1));
}

#[tokio::test]
async fn a_create_whose_fate_is_unknown_is_unconfirmed_and_never_sent_again() {
    check(FATE_UNKNOWN).await;
}

#[tokio::test]
async fn a_create_that_surely_bought_nothing_is_sent_again_and_bought_once() {
    check(NOTHING_BOUGHT).await;
}

#[tokio::test]
async fn what_reads_say_is_followed_through_their_failures() {
    check(READS).await;
}

#[tokio::test]
async fn results_are_taken_in_every_shape_but_only_from_where_they_may_come() {
    check(RESULTS).await;
}

#[tokio::test]
async fn reads_suffice_whatever_webhooks_do() {
    let app = TestApp::with(webhooks::asked_for).await;
    let visitor = app.visitor().await;
    let dubs = check_in(&app, &visitor, WEBHOOKS).await;
    app.sim.settled().await;
    assert_eq!(app.sim.stats().webhooks_sent, WEBHOOKS_SENT);

    // All of them are over: from here on webhooks are late, forged, or of another's prediction.
    let (journal, reads) = (app.sim.journal(), app.sim.stats().reads);
    for (entry, other) in journal.iter().zip(journal.iter().cycle().skip(1)) {
        let (url, secret) = (entry.webhook_url.as_deref().unwrap(), entry.webhook_secret.as_deref().unwrap());
        for (secret, named) in [(secret, entry), (secret, other), ("guessed", entry), ("guessed", other)] {
            for status in ["succeeded", "failed"] {
                let body = webhooks::says(&named.prediction_id, status);
                let call = visitor.http.post(url).header("x-webhook-secret", secret).json(&body);
                assert_eq!(Answer::to(call).await.status, 204);
            }
        }
    }
    // Another's prediction is looked at, and that is all that comes of it.
    eventually(async || (app.sim.stats().reads >= reads + journal.len()).then_some(())).await;
    for dub in dubs {
        assert_eq!(visitor.dub(&dub.id.0).await, dub);
    }
    assert_eq!(app.sim.journal().len(), WEBHOOKS.len());
}

#[tokio::test]
async fn a_prediction_that_the_provider_forgets_is_unconfirmed() {
    check(&[unconfirmed("sim:poll-404=always", 1)]).await;
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
