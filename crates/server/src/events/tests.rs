//! What streams tell, and how little they ask the store for it.

mod counting;

use contract::{Code, Problem};
use counting::{Counting, Events};
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::{sync::mpsc, task::JoinSet};

use super::*;
use crate::{
    clock::Moment,
    store::{CreateEnd, LifeStore as _, Owner, PredictionId},
};

const T0: Moment = Moment(1_700_000_000_000);
fn problem() -> Problem {
    Problem::new(Code::DubFailed, "It did not work.")
}

/// The next that is told: the change's number, the dub, its phase.
async fn changed(events: &mut Events) -> (Change, String, Phase) {
    match events.next().await.unwrap().unwrap() {
        Told::Changed(change, dub) => (change, dub.id.0, dub.phase),
        told => panic!("{told:?} is no change"),
    }
}

async fn moved(events: &mut Events) -> (String, Option<u32>) {
    match events.next().await.unwrap().unwrap() {
        Told::Moved(dub) => (dub.id.0, dub.queue_position),
        told => panic!("{told:?} is more than a move"),
    }
}

async fn gone(events: &mut Events) -> (Change, String) {
    match events.next().await.unwrap().unwrap() {
        Told::Gone(change, dub) => (change, dub.0),
        told => panic!("{told:?} is no deletion"),
    }
}

#[tokio::test]
async fn everything_is_told_at_once_and_then_each_change() {
    let store = Counting::open().await;
    store.insert("anna", "a").await;
    store.insert("anna", "b").await;
    let mut events = store.watch("anna", None);
    assert_eq!(changed(&mut events).await, (Change(1), "a".into(), Phase::Queued));
    assert_eq!(changed(&mut events).await, (Change(2), "b".into(), Phase::Queued));
    let intent = store.claim().await;
    assert_eq!(changed(&mut events).await, (Change(3), "a".into(), Phase::Submitting));
    assert_eq!(moved(&mut events).await, ("b".into(), Some(1)));
    store.end(&intent, CreateEnd::Refused(problem())).await;
    assert_eq!(changed(&mut events).await, (Change(4), "a".into(), Phase::Failed));
    assert!(events.next().now_or_never().is_none());
}

#[tokio::test]
async fn who_was_cut_off_is_told_what_changed_since_and_nothing_older() {
    let store = Counting::open().await;
    for id in ["a", "b", "c"] {
        store.insert("anna", id).await;
    }
    let mut events = store.watch("anna", None);
    let mut known = Change::NONE;
    for _ in 0..3 {
        known = changed(&mut events).await.0;
    }
    drop(events);
    let a = store.claim().await;
    store.claim().await;
    store.end(&a, CreateEnd::Refused(problem())).await;
    let mut events = store.watch("anna", Some(known));
    assert_eq!(changed(&mut events).await, (Change(5), "b".into(), Phase::Submitting));
    assert_eq!(changed(&mut events).await, (Change(6), "a".into(), Phase::Failed));
    assert_eq!(moved(&mut events).await, ("c".into(), Some(1)));
    assert!(events.next().now_or_never().is_none());
}

#[tokio::test]
async fn a_number_that_was_never_given_here_is_told_everything() {
    let store = Counting::open().await;
    store.insert("anna", "a").await;
    let mut events = store.watch("anna", Some(Change(99)));
    assert_eq!(changed(&mut events).await, (Change(1), "a".into(), Phase::Queued));
}

#[tokio::test]
async fn many_dubs_are_told_page_by_page_and_old_final_ones_only_to_those_who_knew_them() {
    let store = Counting::open().await;
    for n in 0..FINAL_AT_FIRST + 20 {
        store.insert("anna", &n.to_string()).await;
        let intent = store.claim().await;
        store.end(&intent, CreateEnd::Refused(problem())).await;
    }
    for n in 0..=PAGE {
        store.insert("anna", &format!("waiting {n}")).await;
    }
    // The newest are waiting ones, so what is final is older than all that a stream begins with.
    let events: Vec<_> = store.watch("anna", None).take(PAGE as usize + 1).collect().await;
    let first = events.first().unwrap().as_ref().unwrap();
    assert!(matches!(first, Told::Changed(_, dub) if dub.id.0 == "waiting 0"), "{first:?}");
    let all = (FINAL_AT_FIRST + 20 + PAGE + 1) as usize;
    let events: Vec<_> = store.watch("anna", Some(Change::NONE)).take(all).collect().await;
    let numbers: Vec<_> = events
        .into_iter()
        .map(|told| match told.unwrap() {
            Told::Changed(change, _) => change,
            told => panic!("{told:?} is no change"),
        })
        .collect();
    assert!(numbers.is_sorted_by(|a, b| a < b));
}

#[tokio::test]
async fn a_deleted_dub_is_gone_for_who_watches_and_for_who_was_cut_off() {
    let store = Counting::open().await;
    store.insert("anna", "a").await;
    store.insert("anna", "b").await;
    let (mut all, mut one, mut ben) =
        (store.watch("anna", None), store.watch_one("anna", "b"), store.watch("ben", None));
    let known = changed(&mut all).await.0;
    assert_eq!(changed(&mut all).await.1, "b");
    changed(&mut one).await;
    assert!(store.store.delete(&Owner("anna".into()), &DubId("b".into()), T0).await.unwrap());
    assert_eq!(gone(&mut all).await.1, "b");
    assert_eq!(gone(&mut one).await.1, "b");
    assert!(one.next().await.is_none(), "there is no more to tell");
    assert!(ben.next().now_or_never().is_none());
    store.insert("anna", "c").await;
    let mut again = store.watch("anna", Some(known));
    let (change, dub) = gone(&mut again).await;
    assert_eq!(dub, "b");
    assert!(change < changed(&mut again).await.0, "in the order in which it happened");
    let mut new = store.watch("anna", None);
    assert_eq!(
        [changed(&mut new).await.1, changed(&mut new).await.1],
        ["a", "c"],
        "who never saw it hears nothing of it"
    );
    assert!(new.next().now_or_never().is_none());
}

#[tokio::test]
async fn nobody_is_told_of_others_dubs() {
    let store = Counting::open().await;
    let (mut anna, mut ben) = (store.watch("anna", None), store.watch("ben", None));
    let mut stolen = store.watch_one("ben", "a");
    assert!(anna.next().now_or_never().is_none());
    store.insert("anna", "a").await;
    assert_eq!(changed(&mut anna).await.1, "a");
    store.insert("ben", "b").await;
    assert_eq!(changed(&mut ben).await.1, "b");
    assert!(stolen.next().now_or_never().is_none());
}

#[tokio::test]
async fn the_stream_of_one_dub_tells_no_other_and_ends_once_it_is_final() {
    let store = Counting::open().await;
    store.insert("anna", "a").await;
    store.insert("anna", "b").await;
    let mut events = store.watch_one("anna", "b");
    assert_eq!(changed(&mut events).await, (Change(2), "b".into(), Phase::Queued));
    let a = store.claim().await;
    assert_eq!(moved(&mut events).await, ("b".into(), Some(1)));
    store.end(&a, CreateEnd::Accepted { prediction: PredictionId("p".into()), poll_at: T0 }).await;
    let b = store.claim().await;
    assert_eq!(changed(&mut events).await.2, Phase::Submitting);
    store.end(&b, CreateEnd::Refused(problem())).await;
    assert_eq!(changed(&mut events).await.2, Phase::Failed);
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn why_the_queue_stands_is_told_to_those_who_wait() {
    let store = Counting::open().await;
    store.insert("anna", "a").await;
    store.insert("ben", "b").await;
    let mut ben = store.watch("ben", None);
    changed(&mut ben).await;
    let intent = store.claim().await;
    let retry_at = T0 + Duration::from_mins(1);
    store.end(&intent, CreateEnd::NotSent { retry_at, problem: problem() }).await;
    let told = loop {
        match ben.next().await.unwrap().unwrap() {
            Told::Moved(dub) if dub.problem.is_some() => break dub,
            Told::Moved(_) => {}
            told => panic!("{told:?} is more than a move"),
        }
    };
    assert_eq!((told.id.0.as_str(), told.phase), ("b", Phase::Queued));
}

#[tokio::test]
async fn a_thousand_open_streams_ask_nothing_while_nothing_happens_to_them() {
    let store = Counting::open().await;
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut open = JoinSet::new();
    for n in 0..1_000 {
        let (mut events, tell) = (store.watch(&n.to_string(), None), tell.clone());
        open.spawn(async move {
            while let Some(event) = events.next().await {
                tell.send((n, event.is_ok())).unwrap();
            }
        });
    }
    // What a stream asks at its beginning: from where on, and what there is.
    let is_open = |questions: &HashMap<String, usize>| questions.values().sum::<usize>() == 2 * 1_000;
    while !is_open(&store.questions.lock().unwrap()) {
        tokio::task::yield_now().await;
    }
    store.insert("7", "a").await;
    assert_eq!(told.recv().await, Some((7, true)));
    let intent = store.claim().await;
    assert_eq!(told.recv().await, Some((7, true)));
    store.end(&intent, CreateEnd::Refused(problem())).await;
    assert_eq!(told.recv().await, Some((7, true)));
    assert!(told.try_recv().is_err());
    let questions = store.questions.lock().unwrap().clone();
    for (owner, count) in questions {
        assert!(if owner == "7" { (5..=9).contains(&count) } else { count == 2 }, "{owner} asked {count} times");
    }
}
