//! What any store must do for results that are kept for a while, and for files and rows that have lost each other.

use super::{
    deletion::{removal, removals, saved, saving},
    staging::{insert_with_file, upload},
    *,
};

fn id(id: &str) -> DubId {
    DubId(id.into())
}

fn gone() -> Problem {
    Problem::new(Code::ResultGone, "It was kept long enough.")
}

/// A dub with a result that is kept until the hundredth second.
async fn made(store: &dyn Store, name: &str) -> DubId {
    let dub = saving(store, name, 0).await;
    store.book_save(&dub, saved(), at(1)).await.unwrap();
    dub
}

async fn expired(store: &dyn Store, second: u64) -> Vec<String> {
    store.expired_results(9, at(second)).await.unwrap().into_iter().map(|expired| expired.dub.0).collect()
}

async fn result(store: &dyn Store, name: &str) -> Option<SavedResult> {
    store.result(&anna(), &id(name)).await.unwrap()
}

async fn kept(store: &dyn Store) -> Vec<(String, bool)> {
    let kept = store.kept_results(None, 9).await.unwrap();
    kept.into_iter().map(|kept| (kept.dub.0, kept.is_lost)).collect()
}

pub(in crate::store) async fn a_result_is_kept_until_the_moment_that_its_owner_was_told(store: &dyn Store) {
    let dub = made(store, "a").await;
    assert_eq!(get(store, "a").await.output.unwrap().expires_at, Some(at(100).to_string()));
    assert_eq!((expired(store, 99).await, store.next_expiry(at(1)).await.unwrap()), (vec![], Some(at(100))));
    assert!(!store.expire_result(&dub, gone(), at(99)).await.unwrap());
    assert!(result(store, "a").await.is_some() && removals(store, 99).await.is_empty());
    assert_eq!(expired(store, 100).await, ["a"]);
    assert!(store.expire_result(&dub, gone(), at(100)).await.unwrap());
    let over = get(store, "a").await;
    assert_eq!((over.phase, over.output, over.problem), (Phase::Succeeded, None, Some(gone())));
    assert_eq!((over.updated_at, over.finished_at), (at(100).to_string(), Some(at(1).to_string())));
    assert_eq!((result(store, "a").await, removals(store, 100).await), (None, vec![removal("a", 0)]));
    assert!(!store.expire_result(&dub, gone(), at(101)).await.unwrap(), "it is over already");
    assert_eq!((expired(store, 999).await, store.next_expiry(T0).await.unwrap()), (vec![], None));
    assert_eq!(store.history(Resolution::P480, 9).await.unwrap().len(), 1, "how long it took stays known");
}

pub(in crate::store) async fn what_was_deleted_or_has_no_result_never_expires(store: &dyn Store) {
    let dub = made(store, "a").await;
    assert!(store.delete(&anna(), &dub, at(2)).await.unwrap());
    let failed = saving(store, "b", 3).await;
    store.book_save(&failed, SaveEnd::Failed(problem()), at(4)).await.unwrap();
    assert_eq!((expired(store, 999).await, store.next_expiry(T0).await.unwrap()), (vec![], None));
    assert!(!store.expire_result(&failed, gone(), at(999)).await.unwrap());
    assert_eq!((get(store, "b").await.problem, kept(store).await), (Some(problem()), vec![]));
}

pub(in crate::store) async fn a_result_whose_file_is_missing_is_told_until_it_turns_up(store: &dyn Store) {
    let dub = made(store, "a").await;
    made(store, "b").await;
    assert!(store.lose_result(&dub, gone(), at(2)).await.unwrap());
    let first = store.dub(&anna(), &dub).await.unwrap().unwrap();
    assert_eq!((&first.dub.output, &first.dub.problem), (&None, &Some(gone())));
    assert!(!store.lose_result(&dub, gone(), at(3)).await.unwrap(), "it is lost already");
    assert_eq!(store.dub(&anna(), &dub).await.unwrap().unwrap(), first);
    assert_eq!(kept(store).await, [("a".into(), true), ("b".into(), false)]);
    assert_eq!(store.kept_results(Some(&dub), 9).await.unwrap().len(), 1);
    assert!(store.find_result(&dub, at(4)).await.unwrap() && !store.find_result(&dub, at(5)).await.unwrap());
    let found = get(store, "a").await;
    assert_eq!((found.output.unwrap().expires_at, found.problem), (Some(at(100).to_string()), None));
    assert_eq!(kept(store).await, [("a".into(), false), ("b".into(), false)]);
}

pub(in crate::store) async fn a_lost_result_is_removed_in_time_and_with_its_dub(store: &dyn Store) {
    for name in ["a", "b"] {
        let dub = made(store, name).await;
        assert!(store.lose_result(&dub, problem(), at(2)).await.unwrap());
    }
    assert!(store.expire_result(&id("a"), gone(), at(100)).await.unwrap());
    assert!(store.delete(&anna(), &id("b"), at(100)).await.unwrap());
    assert_eq!(get(store, "a").await.problem, Some(gone()));
    assert_eq!(removals(store, 100).await, [removal("a", 0), removal("b", 0)]);
    for name in ["a", "b"] {
        assert!(!store.find_result(&id(name), at(101)).await.unwrap());
    }
}

pub(in crate::store) async fn only_files_that_belong_nowhere_are_unknown(store: &dyn Store) {
    let result = |dub: &str, name: &str| KeptFile::Result { dub: id(dub), file_name: name.into() };
    let (saving, made) = (saving(store, "saving", 0).await, made(store, "made").await);
    let lost = self::made(store, "lost").await;
    store.lose_result(&lost, gone(), at(2)).await.unwrap();
    insert_with_file(store, "sent", 3).await;
    let arriving = UploadId("arriving".into());
    upload(store, "arriving").await;
    store.announce_key(&arriving, "uploads/arriving.mp3").await.unwrap();
    let staged = NewStaged {
        dub: id("sent"),
        field: contract::Field::Audio,
        upload: UploadId("u-sent".into()),
        place: StagedPlace::Bucket("staged/a.mp3".into()),
        link: "https://example.com/a.mp3".into(),
        until: at(9),
    };
    store.add_staged(staged, at(3)).await.unwrap();
    let known = vec![
        result(&saving.0, RESULT_NAME),
        result(&made.0, RESULT_NAME),
        result(&lost.0, RESULT_NAME),
        KeptFile::Upload("uploads/u-sent".into()),
        KeptFile::Upload("uploads/arriving.mp3".into()),
        KeptFile::Staged("staged/a.mp3".into()),
    ];
    let unknown = vec![
        result("nobody", RESULT_NAME),
        result(&made.0, "other.mp4"),
        KeptFile::Upload("uploads/nobodys".into()),
        KeptFile::Staged("staged/nobodys".into()),
    ];
    let all = known.into_iter().chain(unknown.clone()).collect();
    assert_eq!(store.unknown_files(all).await.unwrap(), unknown);
    store.book_save(&saving, SaveEnd::Failed(problem()), at(4)).await.unwrap();
    let left = vec![result(&saving.0, RESULT_NAME)];
    assert_eq!(store.unknown_files(left.clone()).await.unwrap(), [], "it is about to be removed");
    store.forget_removal(&removal("saving", 0)).await.unwrap();
    assert_eq!(store.unknown_files(left.clone()).await.unwrap(), left);
}

pub(in crate::store) async fn a_store_keeps_its_name(store: &dyn Store) {
    let name = store.name().await.unwrap();
    assert_eq!((name.len(), store.name().await.unwrap()), (32, name));
}
