//! What any store must do so that visitors take turns.

use super::*;

/// As many as a test wants.
const WIDE: ProviderLimits = ProviderLimits { running: 10, creates: 1_000 };

async fn ask(store: &dyn Store, id: impl Into<String>, owner: &str, second: u64) -> Dub {
    match store.insert_dub(dub(&id.into(), owner), at(second)).await.unwrap() {
        Inserted::New(stored) => stored.dub,
        other => panic!("{other:?}"),
    }
}

/// The dub that is sent next. The provider refuses it, so it is over at once.
async fn next(store: &dyn Store, second: u64) -> String {
    match store.claim(WIDE, at(second)).await.unwrap() {
        Claim::Send(intent) => {
            store.end_create(intent.create, CreateEnd::Refused(problem()), at(second)).await.unwrap();
            intent.dub.0
        }
        Claim::Wait(until) => panic!("nothing before {until:?}"),
    }
}

async fn order(store: &dyn Store, count: usize) -> Vec<String> {
    let mut order = Vec::new();
    for _ in 0..count {
        order.push(next(store, 100).await);
    }
    order
}

pub(in crate::store) async fn one_with_a_hundred_dubs_does_not_starve_one_with_a_single_dub(store: &dyn Store) {
    for n in 0..100 {
        ask(store, format!("a{n}"), "anna", 0).await;
    }
    assert_eq!(order(store, 3).await, ["a0", "a1", "a2"]);
    assert_eq!(ask(store, "b", "ben", 5).await.queue_position, Some(2));
    assert_eq!(order(store, 3).await, ["a3", "b", "a4"]);
}

pub(in crate::store) async fn visitors_take_turns_and_within_a_round_the_first_comes_first(store: &dyn Store) {
    for (second, (id, owner)) in
        [("a1", "anna"), ("a2", "anna"), ("a3", "anna"), ("b1", "ben"), ("b2", "ben"), ("c1", "carl")]
            .into_iter()
            .enumerate()
    {
        ask(store, id, owner, second as u64).await;
    }
    assert_eq!(order(store, 6).await, ["a1", "b1", "c1", "a2", "b2", "a3"]);
}

pub(in crate::store) async fn a_stream_of_newcomers_keeps_nobody_waiting_for_ever(store: &dyn Store) {
    for n in 0..4 {
        ask(store, format!("a{n}"), "anna", 0).await;
    }
    let mut order = Vec::new();
    for n in 1..=4 {
        for twin in ["x", "y"] {
            ask(store, format!("{twin}{n}"), &format!("{twin}{n}"), n).await;
        }
        order.push(next(store, 100).await);
    }
    assert_eq!(order[..4], ["a0", "x1", "y1", "a1"], "who waits already stands before who comes new");
}

pub(in crate::store) async fn the_place_that_is_told_is_the_place_that_is_kept(store: &dyn Store) {
    for (owner, count) in [("anna", 5_u64), ("ben", 2), ("carl", 3)] {
        for n in 0..count {
            ask(store, format!("{owner}{n}"), owner, n).await;
        }
    }
    let mut told = Vec::new();
    for owner in ["anna", "ben", "carl"] {
        let all = Listing { limit: 9, ..Listing::default() };
        let dubs = store.list(&Owner(owner.into()), &all).await.unwrap().dubs;
        told.extend(dubs.into_iter().map(|dub| (dub.queue_position.unwrap(), dub.id.0)));
    }
    told.sort();
    let told: Vec<_> = told.into_iter().map(|(_, id)| id).collect();
    assert_eq!(told, order(store, 10).await);
}

pub(in crate::store) async fn the_last_turn_is_not_forgotten_when_the_queue_was_empty(store: &dyn Store) {
    for n in 0..3 {
        ask(store, format!("a{n}"), "anna", 0).await;
    }
    order(store, 3).await;
    for (id, owner) in [("b0", "ben"), ("b1", "ben"), ("a3", "anna")] {
        ask(store, id, owner, 1).await;
    }
    assert_eq!(order(store, 3).await, ["b0", "a3", "b1"]);
}

pub(in crate::store) async fn all_that_the_limits_allow_is_claimed_at_once_in_turn(store: &dyn Store) {
    for (id, owner) in [("a1", "anna"), ("a2", "anna"), ("a3", "anna"), ("b1", "ben")] {
        ask(store, id, owner, 0).await;
    }
    let (intents, until) = store.claim_all(LIMITS, at(1)).await.unwrap();
    let sent: Vec<_> = intents.iter().map(|intent| intent.dub.0.as_str()).collect();
    assert_eq!((sent, until), (vec!["a1", "b1"], Moment::NEVER), "both slots, and one of each visitor's");
    assert_eq!(store.claim_all(LIMITS, at(2)).await.unwrap(), (vec![], Moment::NEVER));
    store.end_create(intents[0].create, CreateEnd::Refused(problem()), at(3)).await.unwrap();
    let (intents, _) = store.claim_all(LIMITS, at(3)).await.unwrap();
    assert_eq!(intents.len(), 1);
    store.end_create(intents[0].create, CreateEnd::Refused(problem()), at(4)).await.unwrap();
    assert_eq!(store.claim_all(LIMITS, at(5)).await.unwrap(), (vec![], at(63)), "three creates in a minute");
}
