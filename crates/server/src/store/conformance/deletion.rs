//! What any store must do with a dub that its owner deletes, and with what is left of it.

use super::{cancels::due, evidence::watched, *};

pub(super) async fn delete(store: &dyn Store, id: &str, second: u64) -> bool {
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
    SaveEnd::Saved(samples::result(), at(100))
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
