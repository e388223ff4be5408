//! What any store must do for batches, and for the files that their dubs share.

use contract::{Batch, Field};

use super::{
    staging::{UNTIL, over, upload},
    *,
};

fn batch(id: &str, dubs: &[&str]) -> BatchToInsert {
    let dub = |id: &&str| {
        let mut dub = dub(id, "anna");
        dub.input.video = Media::UploadId("v".into());
        dub
    };
    BatchToInsert {
        id: id.into(),
        owner: anna(),
        dubs: dubs.iter().map(dub).collect(),
        idempotency: Some(Idempotency { key: id.into(), body_hash: "1".into() }),
    }
}

/// A batch whose video is the upload `v`.
async fn insert_batch(store: &dyn Store, dubs: &[&str]) -> Batch {
    upload(store, "v").await;
    match store.insert_batch(batch("b", dubs), T0).await.unwrap() {
        InsertedBatch::New(batch) => batch,
        other => panic!("{other:?}"),
    }
}

async fn share(store: &dyn Store, dub: &str, second: u64) -> bool {
    store.share_staged(&DubId(dub.into()), Field::Video, &UploadId("v".into()), at(second)).await.unwrap()
}

/// Puts the video at the provider for a dub.
async fn put(store: &dyn Store, dub: &str, name: &str) {
    let file = NewStaged {
        dub: DubId(dub.into()),
        field: Field::Video,
        upload: UploadId("v".into()),
        place: StagedPlace::Provider(name.into()),
        link: format!("https://example.com/{name}.mp4"),
        until: UNTIL,
    };
    let id = store.add_staged(file, at(1)).await.unwrap();
    assert!(!share(store, "b", 1).await, "it may be cut yet");
    store.book_staged(id).await.unwrap();
    store.end_staging(&DubId(dub.into()), StagingEnd::Done, at(1)).await.unwrap();
}

pub(in crate::store) async fn a_batch_is_there_whole_or_not_at_all(store: &dyn Store) {
    let mut broken = batch("x", &["a", "b"]);
    broken.dubs[0].input.video = Media::Url("https://example.com/a.mp4".into());
    assert_eq!(store.insert_batch(broken, T0).await.unwrap(), InsertedBatch::UploadMissing);
    assert_eq!(store.dub(&anna(), &DubId("a".into())).await.unwrap(), None);
    let batch = insert_batch(store, &["a", "b"]).await;
    assert_eq!(batch.dubs, [get(store, "a").await, get(store, "b").await]);
}

pub(in crate::store) async fn a_key_used_again_gives_the_same_batch_or_a_mismatch(store: &dyn Store) {
    let taken = insert_batch(store, &["a", "b"]).await;
    let again = BatchToInsert { id: "c".into(), ..batch("b", &["c", "d"]) };
    assert_eq!(store.insert_batch(again, T0).await.unwrap(), InsertedBatch::Known(taken.clone()));
    let key = |hash: &str| Idempotency { key: "b".into(), body_hash: hash.into() };
    let anna = anna();
    assert_eq!(store.repeated_batch(&anna, &key("1")).await.unwrap(), Some(InsertedBatch::Known(taken)));
    assert_eq!(store.repeated_batch(&anna, &key("2")).await.unwrap(), Some(InsertedBatch::Mismatch));
    assert_eq!(store.repeated(&anna, &key("1")).await.unwrap(), Some(Inserted::Mismatch));
    assert_eq!(store.repeated_batch(&Owner("ben".into()), &key("1")).await.unwrap(), None);
}

pub(in crate::store) async fn a_batch_shares_its_video_until_the_last_dub_is_final(store: &dyn Store) {
    insert_batch(store, &["a", "b", "c"]).await;
    store.begin_staging(LIMITS, 1, at(1)).await.unwrap();
    put(store, "a", "file").await;
    assert!(share(store, "b", 1).await);
    store.end_staging(&DubId("b".into()), StagingEnd::Done, at(1)).await.unwrap();
    let (first, second) = (send(store, 2).await.unwrap(), send(store, 2).await.unwrap());
    assert_eq!((first.input.video.clone(), second.dub.0.as_str()), (second.input.video.clone(), "b"));
    for (intent, prediction) in [(&first, "p1"), (&second, "p2")] {
        accept(store, intent.create, prediction, 3).await;
        store.book_seen(&intent.dub, Seen::Cancelled, at(4)).await.unwrap();
    }
    assert_eq!(over(store, 5).await, [], "the third has not had it yet");
    assert!(share(store, "c", 5).await);
    store.end_staging(&DubId("c".into()), StagingEnd::Done, at(5)).await.unwrap();
    let third = send(store, 5).await.unwrap();
    assert_eq!(third.input.video, first.input.video);
    store.end_create(third.create, CreateEnd::Refused(problem()), at(6)).await.unwrap();
    let found = store.staged_over(9, at(6)).await.unwrap();
    assert_eq!(found.len(), 1, "it is removed once: {found:?}");
    store.forget_staged(found[0].id).await.unwrap();
    assert_eq!(over(store, 99).await, []);
}

pub(in crate::store) async fn what_a_batch_is_made_from_is_kept_until_the_last_dub_is_final(store: &dyn Store) {
    insert_batch(store, &["a", "b"]).await;
    let (anna, late) = (anna(), UNTIL + Duration::from_hours(999));
    for id in ["a", "b"] {
        assert_eq!(store.expired_uploads(None, 9, late).await.unwrap(), [], "before {id}");
        assert_eq!(store.expire_upload(&UploadId("v".into()), late).await.unwrap(), Disowned::InUse);
        store.cancel(&anna, &DubId(id.into()), at(1)).await.unwrap();
    }
    assert_eq!(store.expired_uploads(None, 9, late).await.unwrap(), [UploadId("v".into())]);
}

pub(in crate::store) async fn a_dub_of_a_batch_has_another_link_for_every_create(store: &dyn Store) {
    insert_batch(store, &["a", "b"]).await;
    store.begin_staging(LIMITS, 1, at(1)).await.unwrap();
    put(store, "a", "file").await;
    assert!(share(store, "b", 1).await);
    let intent = send(store, 2).await.unwrap();
    let end = CreateEnd::TurnedAway { retry_at: at(3), problem: None, shut: None };
    store.end_create(intent.create, end, at(2)).await.unwrap();
    assert!(!share(store, "a", 3).await, "it has had that link");
    assert_eq!(over(store, 3).await, [], "the other still needs it");
    let late = (UNTIL - LINK_SPARE).after(T0).as_secs();
    assert!(!share(store, "b", late).await, "it would work for too short a time");
}

pub(in crate::store) async fn what_is_no_batch_shares_nothing(store: &dyn Store) {
    upload(store, "v").await;
    for id in ["a", "b"] {
        let mut new = dub(id, "anna");
        new.input.video = Media::UploadId("v".into());
        assert!(matches!(store.insert_dub(new, T0).await.unwrap(), Inserted::New(_)));
    }
    store.begin_staging(LIMITS, 1, at(1)).await.unwrap();
    put(store, "a", "file").await;
    assert!(!share(store, "b", 1).await);
}
