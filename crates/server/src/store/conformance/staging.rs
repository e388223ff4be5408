//! What any store must do for staging.

use contract::{Field, UploadKind, UploadLimits};

use super::*;

const QUOTA: UploadLimits = UploadLimits { max_bytes: 9, max_files: 99, max_total_bytes: 999, max_mask_pixels: 9 };
/// Longer than any test waits, and than [`LINK_SPARE`].
pub(super) const UNTIL: Moment = Moment(T0.0 + 48 * 3_600_000);

/// An upload of anna's that is whole.
pub(super) async fn upload(store: &dyn Store, id: &str) {
    let id = UploadId(id.into());
    let new = Upload {
        id: id.clone(),
        owner: anna(),
        declared_kind: None,
        metadata: None,
        file_name: "a.mp3".into(),
        length_bytes: 9,
        expires_at: UNTIL,
        content: None,
    };
    store.begin_upload(new, QUOTA, T0).await.unwrap();
    let content = UploadContent {
        kind: UploadKind::Audio,
        extension: "mp3".into(),
        content_type: "audio/mpeg".into(),
        storage_key: format!("uploads/{}", id.0),
        duration_ms: Some(4_000),
    };
    assert!(store.finish_upload(&id, content, UNTIL.after(T0), T0).await.unwrap());
}

/// A dub whose voice is an upload.
pub(super) async fn insert_with_file(store: &dyn Store, id: &str, second: u64) {
    upload(store, &format!("u-{id}")).await;
    let mut dub = dub(id, "anna");
    dub.input.audio = Media::UploadId(format!("u-{id}"));
    assert!(matches!(store.insert_dub(dub, at(second)).await.unwrap(), Inserted::New(_)));
}

/// A dub whose video is the upload `v`, and whose voice is one too.
pub(super) async fn insert_with_two_files(store: &dyn Store, id: &str) {
    upload(store, "v").await;
    upload(store, &format!("u-{id}")).await;
    let mut new = dub(id, "anna");
    (new.input.video, new.input.audio) = (Media::UploadId("v".into()), Media::UploadId(format!("u-{id}")));
    assert!(matches!(store.insert_dub(new, T0).await.unwrap(), Inserted::New(_)));
}

pub(super) async fn begin(store: &dyn Store, second: u64) {
    store.begin_staging(LIMITS, 1, at(second)).await.unwrap();
}

pub(super) async fn waiting(store: &dyn Store, second: u64) -> Vec<String> {
    store.to_stage(9, at(second)).await.unwrap().into_iter().map(|waiting| waiting.dub.0).collect()
}

/// The voice of a dub, under a token.
pub(super) fn voice_file(dub: &str, token: &str) -> NewStaged {
    NewStaged {
        dub: DubId(dub.into()),
        field: Field::Audio,
        upload: UploadId(format!("u-{dub}")),
        place: StagedPlace::Public(token.into()),
        link: format!("https://example.com/{token}/a.mp3"),
        until: UNTIL,
    }
}

/// The video `v` of a dub, under a token.
pub(super) fn video_file(dub: &str, token: &str) -> NewStaged {
    NewStaged { field: Field::Video, upload: UploadId("v".into()), ..voice_file(dub, token) }
}

/// Stages the voice of a dub under a token, and leaves the rest to the caller.
pub(super) async fn stage(store: &dyn Store, dub: &str, token: &str, second: u64) -> StagedId {
    store.add_staged(voice_file(dub, token), at(second)).await.unwrap()
}

pub(super) async fn staged(store: &dyn Store, dub: &str, token: &str, second: u64) {
    begin(store, second).await;
    let id = stage(store, dub, token, second).await;
    store.book_staged(id).await.unwrap();
    store.end_staging(&DubId(dub.into()), StagingEnd::Done, at(second)).await.unwrap();
}

pub(super) fn voice(intent: &Intent) -> &str {
    match &intent.input.audio {
        Media::Url(link) => link,
        Media::UploadId(id) => panic!("{id} is no link"),
    }
}

pub(super) async fn over(store: &dyn Store, second: u64) -> Vec<StagedPlace> {
    store.staged_over(9, at(second)).await.unwrap().into_iter().map(|over| over.place).collect()
}

pub(super) fn token(token: &str) -> StagedPlace {
    StagedPlace::Public(token.into())
}

pub(in crate::store) async fn a_dub_with_files_is_sent_once_they_are_staged(store: &dyn Store) {
    insert_with_file(store, "a", 0).await;
    assert_eq!((send(store, 1).await, waiting(store, 1).await), (None, vec![]));
    begin(store, 1).await;
    assert_eq!((get(store, "a").await.phase, waiting(store, 1).await), (Phase::Staging, vec!["a".to_owned()]));
    let missing = store.to_stage(9, at(1)).await.unwrap().remove(0).missing;
    assert_eq!(missing, [(Field::Audio, UploadId("u-a".into()))]);
    let id = stage(store, "a", "t", 1).await;
    assert_eq!(send(store, 1).await, None, "nothing is there yet");
    store.book_staged(id).await.unwrap();
    store.end_staging(&DubId("a".into()), StagingEnd::Done, at(2)).await.unwrap();
    assert_eq!((get(store, "a").await.phase, waiting(store, 2).await), (Phase::Staging, vec![]));
    let intent = send(store, 2).await.unwrap();
    assert_eq!(voice(&intent), "https://example.com/t/a.mp3");
    assert_eq!(intent.input.video, dub("a", "anna").input.video, "a link stays as it was given");
    assert_eq!(get(store, "a").await.input.audio, Media::UploadId("u-a".into()), "its owner sees the upload");
}

pub(in crate::store) async fn what_is_not_staged_keeps_nobody_waiting(store: &dyn Store) {
    insert_with_file(store, "a", 0).await;
    insert(store, "b", 1).await;
    insert(store, "c", 2).await;
    begin(store, 3).await;
    assert_eq!(get(store, "c").await.queue_position, Some(3), "what is being staged stands before it");
    assert_eq!(send(store, 3).await.unwrap().dub.0, "b");
    staged(store, "a", "t", 4).await;
    assert_eq!(send(store, 4).await.unwrap().dub.0, "a", "it has kept its place");
    assert_eq!(send(store, 4).await, None, "two run");
    assert_eq!(get(store, "c").await.queue_position, Some(1));
}

pub(in crate::store) async fn no_more_is_staged_than_there_are_slots_and_a_few(store: &dyn Store) {
    for (second, id) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        insert_with_file(store, id, second as u64).await;
    }
    begin(store, 9).await;
    assert_eq!(waiting(store, 9).await, ["a", "b", "c"]);
    assert_eq!(get(store, "d").await.queue_position, Some(4));
    let retry = StagingEnd::Retry { at: at(60), problem: problem(), shut: None };
    store.end_staging(&DubId("a".into()), retry, at(10)).await.unwrap();
    assert_eq!(get(store, "a").await.problem, Some(problem()));
    begin(store, 10).await;
    assert_eq!(waiting(store, 10).await, ["b", "c", "d"], "what waits for another try leaves its seat");
    assert_eq!(store.next_to_stage(at(10)).await.unwrap(), Some(at(60)));
    staged(store, "b", "t", 11).await;
    assert_eq!(send(store, 11).await.unwrap().dub.0, "b");
    begin(store, 11).await;
    assert_eq!(waiting(store, 11).await, ["c", "d"], "a slot in use is no free one");
    store.begin_staging(ProviderLimits { running: 0, creates: 9 }, 9, at(12)).await.unwrap();
    assert_eq!(get(store, "e").await.phase, Phase::Queued, "where nothing is sent, nothing is staged");
}

pub(in crate::store) async fn nothing_is_staged_while_the_gate_is_closed(store: &dyn Store) {
    insert(store, "a", 0).await;
    insert_with_file(store, "b", 1).await;
    let intent = send(store, 2).await.unwrap();
    let end = CreateEnd::NotSent { retry_at: at(30), problem: problem() };
    store.end_create(intent.create, end, at(2)).await.unwrap();
    begin(store, 3).await;
    assert_eq!((waiting(store, 3).await, store.gate().await.unwrap().closed_until), (vec![], at(30)));
    begin(store, 30).await;
    assert_eq!(waiting(store, 30).await, ["b"]);
    assert_eq!(get(store, "b").await.problem, Some(problem()), "why it waits is told while it is staged, too");
}

pub(in crate::store) async fn where_no_files_are_taken_from_us_one_dub_at_a_time_finds_out(store: &dyn Store) {
    for (second, id) in ["a", "b", "c", "d"].into_iter().enumerate() {
        insert_with_file(store, id, second as u64).await;
    }
    begin(store, 9).await;
    let refused =
        |second| StagingEnd::Retry { at: at(second), problem: problem(), shut: Some(ShutReason::BalanceTooLow) };
    for id in ["a", "b", "c"] {
        store.end_staging(&DubId(id.into()), refused(60), at(9)).await.unwrap();
    }
    let gate = Gate { closed_until: at(60), problem: Some(problem()), shut: Some(ShutReason::BalanceTooLow) };
    assert_eq!(store.gate().await.unwrap(), gate);
    assert_eq!(get(store, "d").await.problem, Some(problem()), "all who wait are told");
    begin(store, 59).await;
    assert_eq!((waiting(store, 59).await, get(store, "d").await.phase), (vec![], Phase::Queued));
    begin(store, 60).await;
    assert_eq!(waiting(store, 60).await, ["a"]);
    store.end_staging(&DubId("a".into()), refused(120), at(60)).await.unwrap();
    assert_eq!(waiting(store, 61).await, [""; 0], "the others do not try just now");
    begin(store, 120).await;
    assert_eq!((waiting(store, 120).await, get(store, "d").await.phase), (vec!["a".to_owned()], Phase::Queued));
    staged(store, "a", "t", 121).await;
    let create = send(store, 121).await.unwrap().create;
    accept(store, create, "p", 122).await;
    assert_eq!(store.gate().await.unwrap(), Gate { closed_until: Moment(0), problem: None, shut: None });
    begin(store, 122).await;
    assert_eq!(waiting(store, 122).await, ["b", "c"], "one runs, and there are seats for two");
}

pub(in crate::store) async fn only_what_is_missing_is_staged_again(store: &dyn Store) {
    insert_with_two_files(store, "a").await;
    begin(store, 1).await;
    let first = stage(store, "a", "t", 1).await;
    store.book_staged(first).await.unwrap();
    let cut = video_file("a", "cut");
    store.add_staged(cut, at(1)).await.unwrap();
    let retry = StagingEnd::Retry { at: at(5), problem: problem(), shut: None };
    store.end_staging(&DubId("a".into()), retry, at(2)).await.unwrap();
    assert_eq!(over(store, 2).await, [token("cut")]);
    let again = store.to_stage(9, at(5)).await.unwrap().remove(0);
    assert_eq!((again.missing, again.tries), (vec![(Field::Video, UploadId("v".into()))], 1));
}

pub(in crate::store) async fn a_dub_whose_files_cannot_be_staged_fails(store: &dyn Store) {
    insert_with_file(store, "a", 0).await;
    begin(store, 1).await;
    stage(store, "a", "t", 1).await;
    store.end_staging(&DubId("a".into()), StagingEnd::Failed(problem()), at(2)).await.unwrap();
    let failed = get(store, "a").await;
    assert_eq!(
        (failed.phase, failed.problem, failed.finished_at),
        (Phase::Failed, Some(problem()), Some(at(2).to_string()))
    );
    assert_eq!((over(store, 2).await, send(store, 2).await), (vec![token("t")], None));
    store.end_staging(&DubId("a".into()), StagingEnd::Done, at(3)).await.unwrap();
    assert_eq!(get(store, "a").await.phase, Phase::Failed);
}

pub(in crate::store) async fn what_was_being_staged_at_a_crash_is_staged_again(store: &dyn Store) {
    insert_with_file(store, "a", 0).await;
    begin(store, 1).await;
    stage(store, "a", "cut", 1).await;
    assert_eq!(store.recover(problem(), at(9), at(2)).await.unwrap(), 0);
    assert_eq!((waiting(store, 2).await, over(store, 2).await), (vec!["a".to_owned()], vec![token("cut")]));
    staged(store, "a", "whole", 3).await;
    assert_eq!(voice(&send(store, 3).await.unwrap()), "https://example.com/whole/a.mp3");
}
