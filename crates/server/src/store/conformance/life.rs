//! What any store must do for the turns of a dub's life.

use super::*;

fn anna() -> Owner {
    Owner("anna".into())
}

/// The phase that a dub is in after its owner wanted it cancelled.
async fn cancelled(store: &dyn Store, id: &str, second: u64) -> Phase {
    match store.cancel(&anna(), &DubId(id.into()), at(second)).await.unwrap() {
        Cancelling::Taken(stored) => stored.dub.phase,
        other => panic!("{other:?}"),
    }
}

async fn due(store: &dyn Store, second: u64) -> Vec<(String, CancelWhy, u32)> {
    let due = store.cancels_due(9, at(second)).await.unwrap();
    due.into_iter().map(|due| (due.prediction.0, due.why, due.tries)).collect()
}

fn unknown(until: u64) -> CreateEnd {
    CreateEnd::Unknown { problem: problem(), slot_until: at(until) }
}

async fn evidence(store: &dyn Store, create: CreateId, prediction: &str, second: u64) -> Evidence {
    store.book_evidence(create, &PredictionId(prediction.into()), at(second), at(second)).await.unwrap()
}

/// The predictions that a dub's watcher looks at.
async fn watched(store: &dyn Store) -> Vec<String> {
    let due = store.due(Phase::Processing, 9, at(9_999)).await.unwrap();
    due.into_iter().map(|due| due.prediction.0).collect()
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
    let turned_away = || CreateEnd::TurnedAway { retry_at: at(0), problem: None, keeps_links: false };
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

pub(in crate::store) async fn what_is_found_for_an_unconfirmed_dub_is_what_it_stands_on(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    assert_eq!(store.sought(at(1)).await.unwrap(), [], "its answer is on its way");
    store.end_create(intent.create, unknown(100), at(2)).await.unwrap();
    let sought = store.sought(at(99)).await.unwrap().remove(0);
    assert_eq!((sought.create, &sought.dub, sought.intent_at), (intent.create, &intent.dub, at(1)));
    assert_eq!((sought.sent.as_ref(), &sought.prediction), (Some(&intent.input), &None));
    assert_eq!(store.sought(at(100)).await.unwrap(), [], "its slot is given back");
    assert_eq!(evidence(store, intent.create, "p", 200).await, Evidence::Adopted);
    let dub = get(store, "a").await;
    assert_eq!((dub.phase, dub.problem, dub.started_at), (Phase::Processing, None, Some(at(2).to_string())));
    assert_eq!((watched(store).await, store.sought(at(50)).await.unwrap()), (vec!["p".to_owned()], vec![]));
    assert_eq!(evidence(store, intent.create, "p", 201).await, Evidence::Known);
    insert(store, "b", 0).await;
    insert(store, "c", 0).await;
    let other = send(store, 202).await.unwrap();
    assert_eq!(send(store, 202).await, None, "what was found holds a slot again");
    store.end_create(other.create, unknown(300), at(203)).await.unwrap();
    assert_eq!(evidence(store, other.create, "p", 204).await, Evidence::Known, "it belongs to one dub");
    assert_eq!(get(store, "b").await.phase, Phase::Unconfirmed);
}

pub(in crate::store) async fn what_is_found_before_the_answer_is_taken_once(store: &dyn Store) {
    for (id, prediction) in [("a", "p"), ("b", "q")] {
        insert(store, id, 0).await;
        let intent = send(store, 1).await.unwrap();
        assert_eq!(evidence(store, intent.create, prediction, 2).await, Evidence::Adopted);
        match id {
            "a" => accept(store, intent.create, prediction, 3).await,
            _ => store.end_create(intent.create, unknown(100), at(3)).await.unwrap(),
        }
        let dub = get(store, id).await;
        assert_eq!((dub.phase, dub.started_at), (Phase::Processing, Some(at(2).to_string())), "{id}");
    }
    assert_eq!(watched(store).await, ["p", "q"]);
    assert_eq!(due(store, 99).await, []);
}

pub(in crate::store) async fn what_is_found_for_a_dub_that_is_queued_again_saves_the_second_create(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    store.end_create(intent.create, unknown(100), at(2)).await.unwrap();
    store.resubmit(&anna(), &intent.dub, at(3)).await.unwrap();
    assert_eq!(evidence(store, intent.create, "p", 4).await, Evidence::Adopted);
    assert_eq!((send(store, 5).await, watched(store).await), (None, vec!["p".to_owned()]));
}

pub(in crate::store) async fn the_second_prediction_of_a_dub_is_a_duplicate_spend(store: &dyn Store) {
    insert(store, "a", 0).await;
    let first = send(store, 1).await.unwrap();
    store.end_create(first.create, unknown(1_000), at(2)).await.unwrap();
    store.resubmit(&anna(), &first.dub, at(3)).await.unwrap();
    let second = send(store, 4).await.unwrap();
    assert_eq!(store.sought(at(4)).await.unwrap().len(), 1, "the first is still looked for");
    assert_eq!(evidence(store, first.create, "p", 5).await, Evidence::Unclear, "it may be the second's");
    accept(store, second.create, "q", 5).await;
    assert_eq!(evidence(store, first.create, "p", 6).await, Evidence::DuplicateSpend);
    assert_eq!(watched(store).await, ["q"], "the dub stands on what it had");
    assert_eq!(due(store, 6).await, [("p".into(), CancelWhy::DuplicateSpend, 0)]);
    insert(store, "b", 7).await;
    assert_eq!(send(store, 7).await, None, "both hold a slot");
    store.book_cancel(first.create, CancelEnd::Over, at(8)).await.unwrap();
    let other = send(store, 8).await.unwrap();
    assert_eq!((other.dub.0.as_str(), due(store, 99).await), ("b", vec![]));
    store.end_create(other.create, CreateEnd::Refused(problem()), at(9)).await.unwrap();
    assert_eq!(evidence(store, second.create, "r", 9).await, Evidence::DuplicateSpend, "one create can make two");
    assert_eq!(due(store, 9).await, [("r".into(), CancelWhy::DuplicateSpend, 0)]);
}

pub(in crate::store) async fn what_is_found_for_a_dub_that_is_over_is_booked_and_cancelled(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    store.end_create(intent.create, unknown(100), at(2)).await.unwrap();
    assert_eq!(cancelled(store, "a", 3).await, Phase::Cancelled);
    assert_eq!(get(store, "a").await.problem, Some(problem()), "it may have been billed");
    assert_eq!(store.sought(at(4)).await.unwrap().len(), 1);
    assert_eq!(evidence(store, intent.create, "p", 200).await, Evidence::Late);
    assert_eq!((get(store, "a").await.phase, watched(store).await), (Phase::Cancelled, vec![]));
    assert_eq!(due(store, 200).await, [("p".into(), CancelWhy::Late, 0)]);
    let known = store.creates_of(&intent.dub).await.unwrap();
    assert_eq!(known[0].prediction, Some(PredictionId("p".into())), "it is booked");
}

pub(in crate::store) async fn a_lost_prediction_that_turns_up_is_looked_at_again(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    accept(store, intent.create, "p", 2).await;
    let lost = || Seen::Lost { problem: problem(), slot_until: at(100) };
    store.book_seen(&intent.dub, lost(), at(3)).await.unwrap();
    assert_eq!(store.sought(at(4)).await.unwrap()[0].prediction, Some(PredictionId("p".into())));
    assert_eq!(evidence(store, intent.create, "p", 5).await, Evidence::Adopted);
    assert_eq!((get(store, "a").await.phase, watched(store).await), (Phase::Processing, vec!["p".to_owned()]));
    store.book_seen(&intent.dub, lost(), at(6)).await.unwrap();
    assert_eq!(
        evidence(store, intent.create, "p", 500).await,
        Evidence::Adopted,
        "its owner may wait longer than its slot"
    );
    store.book_seen(&intent.dub, lost(), at(6)).await.unwrap();
    store.resubmit(&anna(), &intent.dub, at(7)).await.unwrap();
    let second = send(store, 7).await.unwrap();
    accept(store, second.create, "q", 8).await;
    assert_eq!(evidence(store, intent.create, "p", 9).await, Evidence::DuplicateSpend);
    assert_eq!((watched(store).await, due(store, 9).await.len()), (vec!["q".to_owned()], 1));
}

async fn delete(store: &dyn Store, id: &str, second: u64) -> bool {
    store.delete(&anna(), &DubId(id.into()), at(second)).await.unwrap()
}

async fn is_seen(store: &dyn Store, id: &str) -> bool {
    let (anna, id) = (anna(), DubId(id.into()));
    let is_found = store.dub(&anna, &id).await.unwrap().is_some();
    let listed = store.list(&anna, &Listing { limit: 99, ..Listing::default() }).await.unwrap();
    let result = store.result(&anna, &id).await.unwrap();
    assert_eq!((listed.dubs.iter().any(|dub| dub.id == id), is_found || result.is_none()), (is_found, true));
    is_found
}

pub(super) async fn removals(store: &dyn Store, second: u64) -> Vec<Removal> {
    store.removals(9, at(second)).await.unwrap()
}

pub(super) fn removal(dub: &str, tries: u32) -> Removal {
    Removal { dub: DubId(dub.into()), file_name: RESULT_NAME.into(), tries }
}

pub(super) fn saved() -> SaveEnd {
    let saved = SavedResult {
        file_name: RESULT_NAME.into(),
        content_type: "video/mp4".into(),
        size_bytes: 5,
        sha256: "00".into(),
        duration_ms: 1_500,
        width: 896,
        height: 448,
    };
    SaveEnd::Saved(saved, at(100))
}

/// A dub that is being saved.
pub(super) async fn saving(store: &dyn Store, id: &str, second: u64) -> DubId {
    insert(store, id, second).await;
    let intent = send(store, second).await.unwrap();
    accept(store, intent.create, id, second).await;
    let done = Seen::Done { result_url: "https://example.com/r.mp4".into(), metrics: Metrics::default() };
    store.book_seen(&intent.dub, done, at(second)).await.unwrap();
    intent.dub
}

pub(in crate::store) async fn a_deleted_dub_is_gone_for_its_owner_and_its_result_is_removed(store: &dyn Store) {
    let dub = saving(store, "a", 0).await;
    store.book_save(&dub, saved(), at(1)).await.unwrap();
    assert!(!store.delete(&Owner("ben".into()), &dub, at(2)).await.unwrap() && is_seen(store, "a").await);
    assert!(removals(store, 2).await.is_empty());
    assert!(delete(store, "a", 2).await && !is_seen(store, "a").await);
    assert!(!delete(store, "a", 3).await, "it is gone already");
    assert_eq!(removals(store, 2).await, [removal("a", 0)]);
    store.keep_removal(&removal("a", 0), at(10)).await.unwrap();
    assert_eq!((removals(store, 9).await, store.next_removal(at(9)).await.unwrap()), (vec![], Some(at(10))));
    assert_eq!(removals(store, 10).await, [removal("a", 1)]);
    store.forget_removal(&removal("a", 1)).await.unwrap();
    assert_eq!((removals(store, 99).await, store.next_removal(at(0)).await.unwrap()), (vec![], None));
    let history = store.history(Resolution::P480, 9).await.unwrap();
    assert!(history[0].made_ms.is_some(), "how long it took for how much stays known");
}

pub(in crate::store) async fn a_dub_that_waits_is_deleted_with_its_files_and_its_key(store: &dyn Store) {
    staging::insert_with_file(store, "a", 0).await;
    staging::staged(store, "a", "t", 1).await;
    assert!(delete(store, "a", 2).await && !is_seen(store, "a").await);
    assert_eq!((store.staged_over(9, at(2)).await.unwrap().len(), send(store, 3).await), (1, None));
    assert_eq!(
        store.disown_upload(&UploadId("u-a".into()), at(3)).await.unwrap(),
        Disowned::Done(Some("uploads/u-a".into()))
    );
    let keyed = || DubToInsert {
        idempotency: Some(Idempotency { key: "k".into(), body_hash: "1".into() }),
        ..dub("b", "anna")
    };
    store.insert_dub(keyed(), at(4)).await.unwrap();
    assert!(delete(store, "b", 5).await);
    let again = store.insert_dub(DubToInsert { id: DubId("c".into()), ..keyed() }, at(6)).await.unwrap();
    assert!(matches!(again, Inserted::New(_)));
}

pub(in crate::store) async fn a_dub_that_is_deleted_while_it_runs_is_cancelled_and_never_saved(store: &dyn Store) {
    for (id, end) in [("a", Seen::Cancelled), ("b", Seen::Lost { problem: problem(), slot_until: at(5) })] {
        insert(store, id, 0).await;
        let intent = send(store, 1).await.unwrap();
        assert!(delete(store, id, 2).await);
        accept(store, intent.create, id, 3).await;
        assert_eq!(due(store, 3).await, [(id.to_owned(), CancelWhy::Owner, 0)]);
        store.book_seen(&intent.dub, end, at(4)).await.unwrap();
        assert_eq!((watched(store).await, due(store, 99).await), (vec![], vec![]));
    }
    insert(store, "c", 6).await;
    let intent = send(store, 6).await.unwrap();
    accept(store, intent.create, "p", 6).await;
    assert!(delete(store, "c", 7).await);
    let done = Seen::Done { result_url: "https://example.com/r.mp4".into(), metrics: Metrics::default() };
    store.book_seen(&intent.dub, done, at(8)).await.unwrap();
    assert_eq!(store.due(Phase::Saving, 9, at(99)).await.unwrap(), [], "nobody wants it");
}

pub(in crate::store) async fn a_create_that_was_not_sent_for_a_deleted_dub_never_is(store: &dyn Store) {
    staging::insert_with_file(store, "a", 0).await;
    staging::staged(store, "a", "t", 1).await;
    let intent = send(store, 1).await.unwrap();
    assert!(delete(store, "a", 2).await);
    let end = CreateEnd::NotSent { retry_at: at(3), problem: problem() };
    store.end_create(intent.create, end, at(3)).await.unwrap();
    assert_eq!((send(store, 100).await, store.staged_over(9, at(100)).await.unwrap().len()), (None, 1));
}

pub(in crate::store) async fn a_result_that_arrives_for_a_deleted_dub_is_removed(store: &dyn Store) {
    let retry = SaveEnd::Retry(at(50));
    for (id, end) in [("a", saved()), ("b", retry), ("c", SaveEnd::Failed(problem()))] {
        let dub = saving(store, id, 100 * u64::from(id.as_bytes()[0])).await;
        assert!(delete(store, id, 1).await);
        assert_eq!(removals(store, 1).await, [], "it is still on its way");
        store.book_save(&dub, end, at(2)).await.unwrap();
        assert_eq!(removals(store, 2).await, [removal(id, 0)], "{id}");
        store.forget_removal(&removal(id, 0)).await.unwrap();
        assert_eq!(store.due(Phase::Saving, 9, at(999)).await.unwrap(), [], "{id}");
    }
}

pub(in crate::store) async fn what_a_failed_save_may_have_left_is_removed(store: &dyn Store) {
    let dub = saving(store, "a", 0).await;
    store.book_save(&dub, SaveEnd::Retry(at(2)), at(1)).await.unwrap();
    assert_eq!(removals(store, 9).await, []);
    store.book_save(&dub, SaveEnd::Failed(problem()), at(2)).await.unwrap();
    assert_eq!((get(store, "a").await.phase, removals(store, 9).await), (Phase::Failed, vec![removal("a", 0)]));
}

pub(in crate::store) async fn what_is_found_for_a_deleted_dub_is_booked_and_cancelled(store: &dyn Store) {
    insert(store, "a", 0).await;
    let intent = send(store, 1).await.unwrap();
    store.end_create(intent.create, unknown(100), at(2)).await.unwrap();
    assert!(delete(store, "a", 3).await);
    let sought = store.sought(at(4)).await.unwrap().remove(0);
    assert_eq!(sought.sent, Some(intent.input), "it is recognised by what was sent");
    assert_eq!(evidence(store, intent.create, "p", 5).await, Evidence::Late);
    assert_eq!((watched(store).await, due(store, 5).await), (vec![], vec![("p".into(), CancelWhy::Late, 0)]));
}
