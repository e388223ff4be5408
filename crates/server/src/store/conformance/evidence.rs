//! What any store must do with a prediction that is found for a create whose answer was lost.

use super::{
    cancels::{cancelled, due},
    deletion::delete,
    *,
};

async fn evidence(store: &dyn Store, create: CreateId, prediction: &str, second: u64) -> Evidence {
    store.book_evidence(create, &PredictionId(prediction.into()), at(second), at(second)).await.unwrap()
}

/// The predictions that a dub's watcher looks at.
pub(super) async fn watched(store: &dyn Store) -> Vec<String> {
    let due = store.due(Phase::Processing, 9, at(9_999)).await.unwrap();
    due.into_iter().map(|due| due.prediction.0).collect()
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
