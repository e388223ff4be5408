//! What any store must do with the links of staged files: how long each serves, and when what is behind it goes.

use contract::Field;

use super::{
    staging::{
        UNTIL, begin, insert_with_file, insert_with_two_files, over, stage, staged, token, video_file, voice,
        voice_file, waiting,
    },
    *,
};

pub(in crate::store) async fn links_are_kept_while_no_create_was_looked_at_and_renewed_after_one_that_was(
    store: &dyn Store,
) {
    insert_with_file(store, "a", 0).await;
    staged(store, "a", "first", 1).await;
    let intent = send(store, 1).await.unwrap();
    let end = CreateEnd::NotSent { retry_at: at(2), problem: problem() };
    store.end_create(intent.create, end, at(1)).await.unwrap();
    assert_eq!(get(store, "a").await.phase, Phase::Queued);
    let intent = send(store, 2).await.unwrap();
    assert_eq!(voice(&intent), "https://example.com/first/a.mp3");
    let end =
        CreateEnd::TurnedAway { retry_at: at(3), problem: Some(problem()), shut: Some(ShutReason::BalanceTooLow) };
    store.end_create(intent.create, end, at(2)).await.unwrap();
    let intent = send(store, 3).await.unwrap();
    assert_eq!(voice(&intent), "https://example.com/first/a.mp3");
    let end = CreateEnd::TurnedAway { retry_at: at(4), problem: None, shut: None };
    store.end_create(intent.create, end, at(3)).await.unwrap();
    assert_eq!((send(store, 4).await, over(store, 4).await), (None, vec![token("first")]));
    staged(store, "a", "second", 4).await;
    let intent = send(store, 4).await.unwrap();
    assert_eq!(voice(&intent), "https://example.com/second/a.mp3");
    let end = CreateEnd::Unknown { problem: problem(), slot_until: at(5) };
    store.end_create(intent.create, end, at(5)).await.unwrap();
    let (anna, id) = (anna(), DubId("a".into()));
    assert!(matches!(store.resubmit(&anna, &id, at(70)).await.unwrap(), Resubmitted::Queued(_)));
    assert_eq!(send(store, 70).await, None);
    staged(store, "a", "third", 70).await;
    assert_eq!(voice(&send(store, 70).await.unwrap()), "https://example.com/third/a.mp3");
    assert_eq!(over(store, 70).await, [token("first")], "the first of both may still be running");
}

pub(in crate::store) async fn links_that_have_grown_old_are_made_anew(store: &dyn Store) {
    insert_with_file(store, "a", 0).await;
    staged(store, "a", "old", 1).await;
    let late = (UNTIL - LINK_SPARE).after(T0).as_secs();
    assert_eq!(send(store, late).await, None, "it would work for too short a time");
    begin(store, late).await;
    assert_eq!((waiting(store, late).await, over(store, late).await), (vec!["a".to_owned()], vec![token("old")]));
}

pub(in crate::store) async fn a_dub_is_not_sent_while_one_of_its_files_is_missing(store: &dyn Store) {
    insert_with_two_files(store, "a").await;
    insert(store, "b", 1).await;
    begin(store, 1).await;
    let first = stage(store, "a", "old", 1).await;
    store.book_staged(first).await.unwrap();
    let late = (UNTIL - LINK_SPARE).after(T0).as_secs();
    let video = NewStaged { until: UNTIL + LINK_SPARE, ..video_file("a", "new") };
    let second = store.add_staged(video, at(1)).await.unwrap();
    begin(store, late).await;
    assert_eq!(over(store, late).await, [token("old")], "it has grown old while the other was on its way");
    store.book_staged(second).await.unwrap();
    store.end_staging(&DubId("a".into()), StagingEnd::Done, at(late)).await.unwrap();
    assert_eq!(send(store, late).await.unwrap().dub.0, "b", "nobody waits for it");
    let again = store.to_stage(9, at(late)).await.unwrap().remove(0);
    assert_eq!(again.missing, [(Field::Audio, UploadId("u-a".into()))]);
    let voice = NewStaged { until: UNTIL + LINK_SPARE, ..voice_file("a", "newer") };
    let third = store.add_staged(voice, at(late)).await.unwrap();
    store.book_staged(third).await.unwrap();
    store.end_staging(&DubId("a".into()), StagingEnd::Done, at(late)).await.unwrap();
    let intent = send(store, late).await.unwrap();
    assert!(matches!((&intent.input.video, &intent.input.audio), (Media::Url(_), Media::Url(_))), "{intent:?}");
}

pub(in crate::store) async fn staged_files_are_removed_once_the_dub_is_final_and_not_before(store: &dyn Store) {
    insert_with_file(store, "a", 0).await;
    staged(store, "a", "t", 1).await;
    let intent = send(store, 1).await.unwrap();
    accept(store, intent.create, "p", 2).await;
    assert_eq!((over(store, 9).await, store.next_staged_over(at(0)).await.unwrap()), (vec![], None));
    let failed = Seen::Failed { problem: problem(), metrics: Metrics::default() };
    store.book_seen(&intent.dub, failed, at(10)).await.unwrap();
    let found = store.staged_over(9, at(10)).await.unwrap();
    assert_eq!((found.len(), found[0].tries, found[0].until, &found[0].dub), (1, 0, UNTIL, &intent.dub));
    store.keep_staged(found[0].id, at(20)).await.unwrap();
    assert_eq!((over(store, 19).await, store.next_staged_over(at(19)).await.unwrap()), (vec![], Some(at(20))));
    assert_eq!(store.staged_over(9, at(20)).await.unwrap()[0].tries, 1);
    store.forget_staged(found[0].id).await.unwrap();
    assert_eq!(over(store, 99).await, []);
}

pub(in crate::store) async fn a_file_that_is_still_on_its_way_is_not_removed(store: &dyn Store) {
    insert_with_two_files(store, "a").await;
    begin(store, 1).await;
    stage(store, "a", "t", 1).await;
    let late = UNTIL.after(T0).as_secs();
    assert_eq!((over(store, late).await, store.next_staged_over(at(0)).await.unwrap()), (vec![], None));
    store.end_staging(&DubId("a".into()), StagingEnd::Failed(problem()), at(2)).await.unwrap();
    assert_eq!(over(store, 2).await, [token("t")]);
}

pub(in crate::store) async fn a_token_opens_its_upload_until_the_dub_is_final(store: &dyn Store) {
    insert_with_file(store, "a", 0).await;
    staged(store, "a", "t", 1).await;
    let opened = async |token: &str, now: Moment| store.staged_upload(token, now).await.unwrap();
    assert_eq!(opened("t", at(1)).await, Some(UploadId("u-a".into())));
    assert_eq!((opened("x", at(1)).await, opened("t", UNTIL).await), (None, None));
    let intent = send(store, 1).await.unwrap();
    accept(store, intent.create, "p", 2).await;
    assert_eq!(opened("t", at(2)).await, Some(UploadId("u-a".into())));
    store.book_seen(&intent.dub, Seen::Cancelled, at(3)).await.unwrap();
    assert_eq!(opened("t", at(3)).await, None);
}
