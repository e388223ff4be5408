//! What a network can do between server and provider: delay, cut, reset, and lose an answer.

use std::time::Duration;

use contract::{Dub, Phase};
use torture::proxy::{Fault, Proxy, Rule};

use crate::helpers::TestApp;

/// How a create and a look at a prediction begin on the wire.
const CREATE: &str = "POST /v1/prediction";
const LOOK: &str = "GET /v1/prediction";

/// A server whose way to the simulator goes through a proxy.
async fn app() -> (TestApp, Proxy) {
    let mut proxy = None;
    let app = TestApp::seeded(
        |_| {},
        async |config| {
            let address = config.provider.base_url.socket_addrs(|| None).unwrap()[0];
            let started = Proxy::start(address).await.unwrap();
            config.provider.base_url = format!("http://{}/v1", started.address).parse().unwrap();
            proxy = Some(started);
        },
    )
    .await;
    (app, proxy.unwrap())
}

/// What becomes of a dub whose create meets `fault`, and how often it was bought.
async fn created_through(fault: Fault) -> (Dub, usize) {
    let (app, proxy) = app().await;
    proxy.set(Some(Rule { begins: CREATE, fault }));
    let visitor = app.visitor().await;
    let dub = visitor.rest(&visitor.ask(&app.wish("")).await.id.0).await;
    (dub, app.sim.journal().len())
}

#[tokio::test]
async fn a_create_that_is_delayed_is_waited_for() {
    let (dub, bought) = created_through(Fault::Delay(Duration::from_millis(300))).await;
    assert_eq!((dub.phase, bought), (Phase::Succeeded, 1), "{:?}", dub.problem);
}

#[tokio::test]
async fn a_create_that_is_cut_or_reset_is_unconfirmed_and_not_sent_again() {
    for fault in [Fault::CutRequest(200), Fault::Reset] {
        let (dub, bought) = created_through(fault).await;
        assert_eq!((dub.phase, bought), (Phase::Unconfirmed, 0), "{fault:?}: {:?}", dub.problem);
    }
}

#[tokio::test]
async fn a_create_whose_answer_is_cut_or_lost_is_bought_once() {
    for fault in [Fault::CutAnswer(60), Fault::DropAnswer] {
        let (dub, bought) = created_through(fault).await;
        // Unconfirmed, unless the provider's own list has shown meanwhile that it was taken.
        assert!(matches!(dub.phase, Phase::Unconfirmed | Phase::Succeeded), "{fault:?}: {:?}", dub.problem);
        assert_eq!(bought, 1, "{fault:?}");
    }
}

#[tokio::test]
async fn looks_that_break_are_repeated_until_one_does_not() {
    let (app, proxy) = app().await;
    let visitor = app.visitor().await;
    for fault in [Fault::Reset, Fault::CutAnswer(60), Fault::DropAnswer] {
        // A connection that stands keeps what it was set to: each dub begins with looks that fail.
        proxy.set(Some(Rule { begins: LOOK, fault }));
        let id = visitor.ask(&app.wish("")).await.id.0;
        visitor.until(&id, |dub| dub.phase == Phase::Processing || !dub.phase.is_moving()).await;
        proxy.set(None);
        assert_eq!(visitor.rest(&id).await.phase, Phase::Succeeded, "{fault:?}");
    }
    assert_eq!(app.sim.journal().len(), 3);
}
