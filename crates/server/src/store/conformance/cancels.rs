//! What any store must do when an owner wants a dub cancelled.

use super::*;

/// The phase that a dub is in after its owner wanted it cancelled.
pub(super) async fn cancelled(store: &dyn Store, id: &str, second: u64) -> Phase {
    match store.cancel(&anna(), &DubId(id.into()), at(second)).await.unwrap() {
        Cancelling::Taken(stored) => stored.dub.phase,
        other => panic!("{other:?}"),
    }
}

/// The cancels that the provider is to be asked for: which prediction, why, and how often it was asked.
pub(super) async fn due(store: &dyn Store, second: u64) -> Vec<(String, CancelWhy, u32)> {
    let due = store.cancels_due(9, at(second)).await.unwrap();
    due.into_iter().map(|due| (due.prediction.0, due.why, due.tries)).collect()
}

pub(in crate::store) async fn what_is_not_sent_is_cancelled_at_once_and_only_by_its_owner(store: &dyn Store) {
    insert(store, "a", 0).await;
    insert(store, "b", 0).await;
    let (ben, id) = (Owner("ben".into()), DubId("a".into()));
    assert_eq!(store.cancel(&ben, &id, at(1)).await.unwrap(), Cancelling::NotFound);
    assert_eq!(cancelled(store, "a", 1).await, Phase::Cancelled);
    let first = store.dub(&anna(), &id).await.unwrap().unwrap();
    assert_eq!((first.dub.finished_at.clone(), &first.dub.problem), (Some(at(1).to_string()), &None));
    assert_eq!(cancelled(store, "a", 9).await, Phase::Cancelled);
    assert_eq!(store.dub(&anna(), &id).await.unwrap().unwrap(), first, "asking again changes nothing");
    assert_eq!(send(store, 2).await.unwrap().dub.0, "b");
    assert_eq!(send(store, 2).await, None);
}

pub(in crate::store) async fn a_staged_dub_that_is_cancelled_leaves_no_file_behind(store: &dyn Store) {
    staging::insert_with_file(store, "a", 0).await;
    staging::staged(store, "a", "t", 1).await;
    assert_eq!(cancelled(store, "a", 2).await, Phase::Cancelled);
    assert_eq!((store.staged_over(9, at(2)).await.unwrap().len(), send(store, 3).await), (1, None));
}

pub(in crate::store) async fn what_is_being_sent_is_cancelled_once_its_fate_is_known(store: &dyn Store) {
    let not_sent = || CreateEnd::NotSent { retry_at: at(0), problem: problem() };
    let turned_away = || CreateEnd::TurnedAway { retry_at: at(0), problem: None, shut: None };
    for (second, id, end) in [(10, "a", not_sent()), (20, "b", turned_away()), (30, "c", unknown(1))] {
        insert(store, id, 0).await;
        let intent = send(store, second).await.unwrap();
        assert_eq!(cancelled(store, id, second).await, Phase::Submitting, "it may be on its way");
        assert_eq!(due(store, second).await, []);
        store.end_create(intent.create, end, at(second + 1)).await.unwrap();
        let dub = get(store, id).await;
        assert_eq!((dub.phase, dub.finished_at), (Phase::Cancelled, Some(at(second + 1).to_string())), "{id}");
    }
    assert_eq!(send(store, 200).await, None);
    insert(store, "d", 200).await;
    let intent = send(store, 200).await.unwrap();
    assert_eq!(cancelled(store, "d", 201).await, Phase::Submitting);
    accept(store, intent.create, "p", 202).await;
    assert_eq!(get(store, "d").await.phase, Phase::Processing);
    assert_eq!(due(store, 202).await, [("p".into(), CancelWhy::Owner, 0)]);
}

pub(in crate::store) async fn a_running_dub_is_cancelled_when_the_provider_says_so(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    accept(store, intent.create, "p", 2).await;
    assert_eq!(cancelled(store, "a", 10).await, Phase::Processing);
    assert_eq!(due(store, 10).await, [("p".into(), CancelWhy::Owner, 0)]);
    store.book_cancel(intent.create, CancelEnd::Retry(at(20)), at(10)).await.unwrap();
    assert_eq!((due(store, 19).await, store.next_cancel(at(10)).await.unwrap()), (vec![], Some(at(20))));
    assert_eq!(due(store, 20).await, [("p".into(), CancelWhy::Owner, 1)]);
    let later = Seen::Running { poll_at: at(500), tries: 0, missing_since: None };
    store.book_seen(&intent.dub, later, at(20)).await.unwrap();
    store.book_cancel(intent.create, CancelEnd::Asked, at(21)).await.unwrap();
    assert_eq!(due(store, 999).await, []);
    assert_eq!(store.due(Phase::Processing, 9, at(21)).await.unwrap().len(), 1, "it is looked at, at once");
    assert_eq!(cancelled(store, "a", 22).await, Phase::Processing);
    assert_eq!(due(store, 22).await.len(), 1, "its owner may ask for it again");
    store.book_seen(&intent.dub, Seen::Cancelled, at(23)).await.unwrap();
    assert_eq!((get(store, "a").await.phase, due(store, 999).await), (Phase::Cancelled, vec![]));
}

pub(in crate::store) async fn a_result_that_is_there_before_the_cancel_is_kept(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    accept(store, intent.create, "p", 2).await;
    cancelled(store, "a", 3).await;
    let done = Seen::Done { result_url: "https://example.com/r.mp4".into(), metrics: Metrics::default() };
    store.book_seen(&intent.dub, done, at(4)).await.unwrap();
    assert_eq!((get(store, "a").await.phase, due(store, 99).await), (Phase::Saving, vec![]));
    let late = store.cancel(&anna(), &intent.dub, at(5)).await.unwrap();
    assert_eq!(late, Cancelling::TooLate(Phase::Saving));
    store.book_save(&intent.dub, SaveEnd::Failed(problem()), at(6)).await.unwrap();
    assert_eq!(store.cancel(&anna(), &intent.dub, at(7)).await.unwrap(), Cancelling::TooLate(Phase::Failed));
}

pub(in crate::store) async fn a_lost_prediction_whose_owner_wants_it_cancelled_is(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    accept(store, intent.create, "p", 2).await;
    cancelled(store, "a", 3).await;
    let lost = Seen::Lost { problem: problem(), slot_until: at(100) };
    store.book_seen(&intent.dub, lost, at(4)).await.unwrap();
    let dub = get(store, "a").await;
    assert_eq!((dub.phase, dub.finished_at), (Phase::Cancelled, Some(at(4).to_string())));
}

pub(in crate::store) async fn a_crash_cancels_what_was_being_sent_and_is_not_wanted(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    cancelled(store, "a", 2).await;
    assert_eq!(store.recover(problem(), at(100), at(3)).await.unwrap(), 1);
    let dub = get(store, "a").await;
    assert_eq!((dub.phase, dub.problem), (Phase::Cancelled, Some(problem())), "it may have been billed");
    assert_eq!(store.sought(at(4)).await.unwrap()[0].create, intent.create, "and is looked for");
}
