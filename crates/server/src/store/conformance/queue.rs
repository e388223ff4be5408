//! What any store must do for a dub on its way through the queue, and for the provider's limits.

use super::*;

pub(in crate::store) async fn an_accepted_dub_is_there_for_its_owner_only(store: &dyn Store) {
    insert(store, "a", 0).await;
    let found = get(store, "a").await;
    assert_eq!((found.phase, found.queue_position, found.created_at), (Phase::Queued, Some(1), T0.to_string()));
    assert_eq!(found.input.prompt.as_deref(), Some("😀 مرحبا"));
    assert_eq!(store.dub(&Owner("ben".into()), &DubId("a".into())).await.unwrap(), None);
    assert!(
        store.list(&Owner("ben".into()), &Listing { limit: 9, ..Listing::default() }).await.unwrap().dubs.is_empty()
    );
}

pub(in crate::store) async fn a_key_used_again_gives_the_same_dub_or_a_mismatch(store: &dyn Store) {
    let keyed = |id: &str, owner: &str, body: &str| DubToInsert {
        idempotency: Some(Idempotency { key: "k".into(), body_hash: body.into() }),
        ..dub(id, owner)
    };
    assert!(matches!(store.insert_dub(keyed("a", "anna", "1"), T0).await.unwrap(), Inserted::New(_)));
    let again = store.insert_dub(keyed("b", "anna", "1"), T0).await.unwrap();
    assert!(matches!(again, Inserted::Known(known) if known.dub.id.0 == "a"));
    assert_eq!(store.insert_dub(keyed("c", "anna", "2"), T0).await.unwrap(), Inserted::Mismatch);
    assert!(matches!(store.insert_dub(keyed("d", "ben", "2"), T0).await.unwrap(), Inserted::New(_)));
}

pub(in crate::store) async fn dubs_are_listed_newest_first_page_by_page(store: &dyn Store) {
    for (second, id) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        insert(store, id, second as u64).await;
    }
    let owner = anna();
    let mut listing = Listing { limit: 2, ..Listing::default() };
    let (mut seen, mut numbers) = (Vec::new(), Vec::new());
    loop {
        let page = store.list(&owner, &listing).await.unwrap();
        numbers.extend(page.dubs.iter().map(|dub| dub.number));
        seen.extend(page.dubs.into_iter().map(|dub| dub.id.0));
        listing.cursor = page.next;
        if listing.cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["e", "d", "c", "b", "a"]);
    assert!(numbers.is_sorted_by(|newer, older| newer > older), "{numbers:?}");
    let find = |text: &str| Listing { limit: 9, text: Some(text.into()), ..Listing::default() };
    assert_eq!(store.list(&owner, &find("label C")).await.unwrap().dubs.len(), 1);
    assert_eq!(store.list(&owner, &find("video")).await.unwrap().dubs.len(), 5);
    for nowhere in ["%", "url", "{"] {
        assert!(store.list(&owner, &find(nowhere)).await.unwrap().dubs.is_empty(), "{nowhere}");
    }
    let failed = Listing { limit: 9, phase: Some(Phase::Failed), ..Listing::default() };
    assert!(store.list(&owner, &failed).await.unwrap().dubs.is_empty());
}

pub(in crate::store) async fn no_more_than_the_limit_run_at_once(store: &dyn Store) {
    for id in ["a", "b", "c"] {
        insert(store, id, 0).await;
    }
    let first = send(store, 1).await.unwrap();
    assert_eq!(first.dub.0, "a");
    assert_eq!(send(store, 1).await.unwrap().dub.0, "b");
    assert_eq!(send(store, 1).await, None);
    assert_eq!(get(store, "c").await.queue_position, Some(1));
    accept(store, first.create, "p1", 2).await;
    assert_eq!(send(store, 2).await, None, "a running prediction keeps its slot");
    let seen = Seen::Failed { problem: problem(), metrics: Metrics::default() };
    store.book_seen(&first.dub, seen, at(3)).await.unwrap();
    assert_eq!(send(store, 3).await.unwrap().dub.0, "c");
}

pub(in crate::store) async fn no_more_creates_than_the_limit_within_any_minute(store: &dyn Store) {
    for id in ["a", "b", "c", "d"] {
        insert(store, id, 0).await;
    }
    for second in [1, 2, 3] {
        let intent = send(store, second).await.unwrap();
        store.end_create(intent.create, CreateEnd::Refused(problem()), at(second)).await.unwrap();
    }
    assert_eq!(store.claim(LIMITS, at(4)).await.unwrap(), Claim::Wait(at(61)));
    assert_eq!(send(store, 60).await, None);
    assert_eq!(send(store, 61).await.unwrap().dub.0, "d");
}

pub(in crate::store) async fn what_was_not_sent_keeps_its_place_and_waits(store: &dyn Store) {
    insert(store, "a", 0).await;
    insert(store, "b", 0).await;
    let intent = send(store, 1).await.unwrap();
    let end = CreateEnd::NotSent { retry_at: at(5), problem: problem() };
    store.end_create(intent.create, end, at(1)).await.unwrap();
    let waiting = get(store, "a").await;
    assert_eq!((waiting.phase, waiting.queue_position, waiting.problem), (Phase::Queued, Some(1), Some(problem())));
    assert_eq!(get(store, "b").await.problem, Some(problem()), "all who wait are told");
    assert_eq!(store.claim(LIMITS, at(4)).await.unwrap(), Claim::Wait(at(5)));
    let again = send(store, 5).await.unwrap();
    assert_eq!((again.dub.0.as_str(), again.tries), ("a", 1));
    assert_eq!(send(store, 5).await, None, "one create probes before the others follow");
    accept(store, again.create, "p", 6).await;
    assert_eq!(send(store, 6).await.unwrap().dub.0, "b");
    assert_eq!(get(store, "a").await.problem, None);
}

pub(in crate::store) async fn an_earlier_success_does_not_open_a_gate_that_was_closed_since(store: &dyn Store) {
    for id in ["a", "b", "c"] {
        insert(store, id, 0).await;
    }
    let (first, second) = (send(store, 1).await.unwrap(), send(store, 1).await.unwrap());
    let end = CreateEnd::TurnedAway { retry_at: at(60), problem: Some(problem()), shut: Some(ShutReason::KeyRefused) };
    store.end_create(first.create, end, at(2)).await.unwrap();
    accept(store, second.create, "p", 3).await;
    assert_eq!(store.claim(LIMITS, at(4)).await.unwrap(), Claim::Wait(at(60)));
    assert!(send(store, 60).await.is_some());
}

pub(in crate::store) async fn why_the_gate_is_shut_is_remembered_until_a_create_is_answered(store: &dyn Store) {
    insert(store, "a", 0).await;
    for (second, reason) in [(100, ShutReason::KeyRefused), (200, ShutReason::BalanceTooLow)] {
        let create = send(store, second).await.unwrap().create;
        let end = CreateEnd::TurnedAway { retry_at: at(second), problem: Some(problem()), shut: Some(reason) };
        store.end_create(create, end, at(second)).await.unwrap();
        assert_eq!(store.gate().await.unwrap().shut, Some(reason));
    }
    let create = send(store, 300).await.unwrap().create;
    accept(store, create, "p", 300).await;
    assert_eq!(store.gate().await.unwrap().shut, None);
}

pub(in crate::store) async fn what_others_in_flight_are_told_does_not_hide_why_the_gate_is_shut(store: &dyn Store) {
    let unreachable = || Problem { detail: "nobody is there".into(), ..problem() };
    for (id, second, other) in [
        ("a", 100, CreateEnd::NotSent { retry_at: at(130), problem: unreachable() }),
        ("b", 300, CreateEnd::TurnedAway { retry_at: at(330), problem: None, shut: None }),
    ] {
        insert(store, id, 0).await;
        insert(store, &format!("{id}2"), 0).await;
        let (first, later) = (send(store, second).await.unwrap(), send(store, second).await.unwrap());
        let retry_at = at(second + 60);
        let shut = Some(ShutReason::KeyRefused);
        let end = CreateEnd::TurnedAway { retry_at, problem: Some(problem()), shut };
        store.end_create(first.create, end, at(second + 1)).await.unwrap();
        store.end_create(later.create, other, at(second + 2)).await.unwrap();
        assert_eq!(store.gate().await.unwrap(), Gate { closed_until: retry_at, problem: Some(problem()), shut });
        for probe in [second + 60, second + 61] {
            let create = send(store, probe).await.unwrap().create;
            store.end_create(create, CreateEnd::Refused(problem()), at(probe)).await.unwrap();
        }
        assert_eq!(store.gate().await.unwrap(), Gate { closed_until: Moment(0), problem: None, shut: None });
    }
}

pub(in crate::store) async fn a_lost_prediction_keeps_its_slot_for_a_while(store: &dyn Store) {
    for id in ["a", "b", "c"] {
        insert(store, id, 0).await;
    }
    let (first, _) = (send(store, 1).await.unwrap(), send(store, 1).await.unwrap());
    accept(store, first.create, "p", 2).await;
    let lost = Seen::Lost { problem: problem(), slot_until: at(100) };
    store.book_seen(&first.dub, lost, at(3)).await.unwrap();
    assert_eq!(get(store, "a").await.phase, Phase::Unconfirmed);
    assert_eq!(store.claim(LIMITS, at(4)).await.unwrap(), Claim::Wait(at(100)));
}

pub(in crate::store) async fn what_was_turned_away_lets_others_try_first(store: &dyn Store) {
    insert(store, "a", 0).await;
    insert(store, "b", 0).await;
    let intent = send(store, 1).await.unwrap();
    let end = CreateEnd::TurnedAway { retry_at: at(9), problem: None, shut: None };
    store.end_create(intent.create, end, at(1)).await.unwrap();
    assert_eq!(store.gate().await.unwrap(), Gate { closed_until: at(9), problem: None, shut: None });
    assert_eq!(send(store, 9).await.unwrap().dub.0, "b");
}

pub(in crate::store) async fn an_unknown_create_keeps_its_slot_and_is_never_sent_again_by_itself(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    let end = CreateEnd::Unknown { problem: problem(), slot_until: at(100) };
    store.end_create(intent.create, end, at(2)).await.unwrap();
    assert_eq!(get(store, "a").await.phase, Phase::Unconfirmed);
    assert_eq!(send(store, 1_000_000).await, None);
    for id in ["b", "c"] {
        insert(store, id, 3).await;
    }
    assert!(send(store, 4).await.is_some());
    assert_eq!(store.claim(LIMITS, at(5)).await.unwrap(), Claim::Wait(at(100)));
    assert!(send(store, 100).await.is_some());
}

pub(in crate::store) async fn only_an_unconfirmed_dub_is_sent_again_and_only_for_its_owner(store: &dyn Store) {
    insert(store, "a", 0).await;
    let (anna, id) = (anna(), DubId("a".into()));
    assert_eq!(store.resubmit(&anna, &id, at(1)).await.unwrap(), Resubmitted::NotUnconfirmed(Phase::Queued));
    let intent = send(store, 1).await.unwrap();
    let end = CreateEnd::Unknown { problem: problem(), slot_until: at(100) };
    store.end_create(intent.create, end, at(2)).await.unwrap();
    assert_eq!(store.resubmit(&Owner("ben".into()), &id, at(3)).await.unwrap(), Resubmitted::NotFound);
    assert!(matches!(store.resubmit(&anna, &id, at(3)).await.unwrap(), Resubmitted::Queued(_)));
    let again = send(store, 3).await.unwrap();
    assert_ne!(again.create, intent.create);
    assert_eq!(again.input, intent.input, "the same seed, so that either result is the same dub");
}

pub(in crate::store) async fn a_crash_makes_what_was_in_flight_unconfirmed(store: &dyn Store) {
    insert(store, "a", 0).await;
    insert(store, "b", 0).await;
    let sent = send(store, 1).await.unwrap();
    assert_eq!(store.recover(problem(), at(100), at(2)).await.unwrap(), 1);
    assert_eq!((get(store, "a").await.phase, get(store, "b").await.phase), (Phase::Unconfirmed, Phase::Queued));
    assert_eq!(send(store, 3).await.unwrap().dub.0, "b");
    assert_ne!(sent.dub.0, "b");
    assert_eq!(send(store, 4).await, None);
}

pub(in crate::store) async fn a_dub_goes_from_processing_over_saving_to_succeeded(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    accept(store, intent.create, "p", 2).await;
    assert_eq!(store.due(Phase::Processing, 9, at(4)).await.unwrap(), []);
    assert_eq!(store.next_due(Phase::Processing, at(4)).await.unwrap(), Some(at(5)));
    let due = store.due(Phase::Processing, 9, at(5)).await.unwrap();
    assert_eq!((due.len(), due[0].prediction.0.as_str(), due[0].started_at), (1, "p", at(2)));

    let running = Seen::Running { poll_at: at(9), tries: 2, missing_since: Some(at(5)) };
    store.book_seen(&intent.dub, running, at(5)).await.unwrap();
    assert_eq!(store.due(Phase::Processing, 9, at(9)).await.unwrap()[0].tries, 2);

    let metrics = Metrics { predict_time_s: Some(7.5), cost_usd: None };
    let done = Seen::Done { result_url: "https://example.com/r.mp4".into(), metrics };
    store.book_seen(&intent.dub, done.clone(), at(10)).await.unwrap();
    let due = store.due(Phase::Saving, 9, at(10)).await.unwrap();
    assert_eq!(due[0].result_url.as_deref(), Some("https://example.com/r.mp4"));
    store.book_save(&intent.dub, SaveEnd::Retry(at(12)), at(10)).await.unwrap();
    assert_eq!(store.due(Phase::Saving, 9, at(11)).await.unwrap(), []);

    let saved = samples::result();
    store.book_save(&intent.dub, SaveEnd::Saved(saved.clone(), at(99)), at(13)).await.unwrap();
    store.book_seen(&intent.dub, done, at(14)).await.unwrap();
    let dub = get(store, "a").await;
    assert_eq!((dub.phase, dub.finished_at, dub.metrics), (Phase::Succeeded, Some(at(13).to_string()), Some(metrics)));
    let output = dub.output.unwrap();
    assert_eq!((output.url.as_str(), output.expires_at), ("/media/a/dub.mp4", Some(at(99).to_string())));
    assert_eq!(store.result(&anna(), &intent.dub).await.unwrap(), Some(saved));
    assert_eq!(store.result(&Owner("ben".into()), &intent.dub).await.unwrap(), None);
    let past = PastDub { took_ms: 11_000, made_ms: Some(1_500) };
    assert_eq!(store.history(Resolution::P480, 9).await.unwrap(), [past]);
    assert!(store.history(Resolution::P720, 9).await.unwrap().is_empty());
}

pub(in crate::store) async fn a_prediction_belongs_to_one_dub(store: &dyn Store) {
    insert(store, "a", 0).await;
    insert(store, "b", 0).await;
    let (first, second) = (send(store, 1).await.unwrap(), send(store, 1).await.unwrap());
    accept(store, first.create, "p", 2).await;
    let twice = CreateEnd::Accepted { prediction: PredictionId("p".into()), poll_at: at(3) };
    assert!(matches!(store.end_create(second.create, twice, at(2)).await, Err(StoreError::PredictionTaken)));
    assert_eq!(get(store, "b").await.phase, Phase::Submitting);
}
