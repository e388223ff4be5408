//! What any store must do for uploads.

use contract::{UploadKind, UploadLimits};

use super::*;

const QUOTA: UploadLimits = UploadLimits { max_bytes: 100, max_files: 3, max_total_bytes: 150, max_mask_pixels: 100 };

/// How long a whole upload is kept, from its arrival and from each use.
const KEPT: Duration = Duration::from_secs(100);

fn upload(id: &str, owner: &str, length_bytes: u64, expires_in: u64) -> Upload {
    Upload {
        id: UploadId(id.into()),
        owner: Owner(owner.into()),
        declared_kind: Some(UploadKind::Audio),
        metadata: Some("kind YXVkaW8=".into()),
        file_name: "Ma voix 😀.mp3".into(),
        length_bytes,
        expires_at: at(expires_in),
        content: None,
    }
}

fn content(id: &str) -> UploadContent {
    UploadContent {
        kind: UploadKind::Audio,
        extension: "mp3".into(),
        content_type: "audio/mpeg".into(),
        storage_key: format!("{id}.mp3"),
        duration_ms: Some(4_000),
    }
}

async fn begin(store: &dyn Store, new: Upload) -> Begun {
    store.begin_upload(new, QUOTA, T0).await.unwrap()
}

async fn finish(store: &dyn Store, id: &str) -> bool {
    store.finish_upload(&UploadId(id.into()), content(id), KEPT, T0).await.unwrap()
}

fn made_from(id: &str, owner: &str, upload: &str) -> DubToInsert {
    let mut dub = dub(id, owner);
    dub.input.audio = Media::UploadId(upload.into());
    dub
}

pub(in crate::store) async fn an_upload_is_there_for_its_owner_only_and_stored_once_it_is_whole(store: &dyn Store) {
    let (anna, ben, id) = (anna(), Owner("ben".into()), UploadId("u".into()));
    let new = upload("u", "anna", 50, 10);
    assert_eq!(begin(store, new.clone()).await, Begun::New);
    assert_eq!(store.upload(&anna, &id).await.unwrap(), Some(new.clone()));
    assert_eq!(store.upload(&ben, &id).await.unwrap(), None);
    assert_eq!(store.stored_upload(&id).await.unwrap(), None);
    assert_eq!(store.arriving_uploads().await.unwrap(), std::slice::from_ref(&id));
    assert!(finish(store, "u").await);
    assert!(!finish(store, "u").await && !finish(store, "nothing").await);
    let whole = Upload { expires_at: at(100), content: Some(content("u")), ..new };
    assert_eq!(store.upload(&anna, &id).await.unwrap(), Some(whole.clone()));
    assert_eq!(store.stored_upload(&id).await.unwrap(), whole.into_stored());
    assert_eq!(store.arriving_uploads().await.unwrap(), []);
}

pub(in crate::store) async fn a_removed_upload_is_nobodys_until_it_is_forgotten(store: &dyn Store) {
    let (anna, id) = (anna(), UploadId("u".into()));
    for is_whole in [false, true] {
        begin(store, upload("u", "anna", 150, 1_000)).await;
        assert!(!is_whole || finish(store, "u").await);
        store.forget_upload(&id).await.unwrap();
        assert!(store.upload(&anna, &id).await.unwrap().is_some(), "it is somebody's");
        let key = is_whole.then(|| "u.mp3".into());
        for _ in 0..2 {
            assert_eq!(store.disown_upload(&id, T0).await.unwrap(), Disowned::Done(key.clone()));
        }
        assert_eq!(store.upload(&anna, &id).await.unwrap(), None);
        assert!(!finish(store, "u").await);
        assert_eq!(
            store.expired_uploads(None, 9, T0).await.unwrap(),
            std::slice::from_ref(&id),
            "what a crash left is found again"
        );
        assert_eq!(begin(store, upload("v", "anna", 150, 1_000)).await, Begun::New, "it counts no more");
        for id in [&id, &UploadId("v".into())] {
            store.disown_upload(id, T0).await.unwrap();
            store.forget_upload(id).await.unwrap();
            assert_eq!(store.disown_upload(id, T0).await.unwrap(), Disowned::NotFound);
        }
    }
}

pub(in crate::store) async fn a_visitor_has_no_more_files_and_bytes_than_the_quota(store: &dyn Store) {
    assert_eq!(begin(store, upload("a", "anna", 100, 20)).await, Begun::New);
    assert_eq!(begin(store, upload("b", "anna", 51, 10)).await, Begun::QuotaUsedUp(at(20)));
    assert_eq!(begin(store, upload("b", "anna", 50, 10)).await, Begun::New);
    assert_eq!(begin(store, upload("c", "anna", 1, 10)).await, Begun::QuotaUsedUp(at(10)));
    for id in ["d", "e", "f"] {
        assert_eq!(begin(store, upload(id, "ben", 1, 10)).await, Begun::New);
    }
    assert_eq!(begin(store, upload("g", "ben", 1, 10)).await, Begun::QuotaUsedUp(at(10)));
    store.disown_upload(&UploadId("d".into()), T0).await.unwrap();
    assert_eq!(begin(store, upload("g", "ben", 1, 10)).await, Begun::New);
}

pub(in crate::store) async fn what_is_over_goes_and_what_a_dub_needs_stays(store: &dyn Store) {
    for (id, expires_in) in [("late", 30), ("used", 10), ("early", 20)] {
        begin(store, upload(id, "anna", 1, expires_in)).await;
    }
    assert!(finish(store, "used").await);
    assert_eq!(store.expired_uploads(None, 9, at(19)).await.unwrap(), []);
    let inserted = store.insert_dub(made_from("dub", "anna", "used"), at(1)).await.unwrap();
    assert!(matches!(inserted, Inserted::New(_)));
    let over = at(1) + KEPT;
    let ids = |ids: &[&str]| ids.iter().map(|id| UploadId((*id).into())).collect::<Vec<_>>();
    assert_eq!(store.expired_uploads(None, 9, over).await.unwrap(), ids(&["early", "late"]));
    assert_eq!(store.expired_uploads(None, 1, over).await.unwrap(), ids(&["early"]));
    let behind = UploadId("early".into());
    assert_eq!(store.expired_uploads(Some(&behind), 1, over).await.unwrap(), ids(&["late"]));
    assert_eq!(store.disown_upload(&UploadId("used".into()), T0).await.unwrap(), Disowned::InUse);
    store.begin_staging(LIMITS, 0, at(2)).await.unwrap();
    store.end_staging(&DubId("dub".into()), StagingEnd::Failed(problem()), at(3)).await.unwrap();
    assert_eq!(store.expired_uploads(None, 9, over).await.unwrap(), ids(&["early", "late", "used"]));
    assert_eq!(store.expired_uploads(None, 9, at(100)).await.unwrap(), ids(&["early", "late"]), "kept after its use");
    assert!(matches!(store.disown_upload(&UploadId("used".into()), T0).await.unwrap(), Disowned::Done(Some(_))));
    store.forget_upload(&UploadId("used".into())).await.unwrap();
    assert_eq!(get(store, "dub").await.input.audio, Media::UploadId("used".into()), "the dub stays");
}

pub(in crate::store) async fn what_has_become_whole_meanwhile_is_not_over(store: &dyn Store) {
    let (anna, id) = (anna(), UploadId("u".into()));
    begin(store, upload("u", "anna", 1, 10)).await;
    assert_eq!(store.expired_uploads(None, 9, at(10)).await.unwrap(), std::slice::from_ref(&id));
    assert!(finish(store, "u").await);
    assert_eq!(store.expire_upload(&id, at(99)).await.unwrap(), Disowned::NotFound);
    assert!(store.upload(&anna, &id).await.unwrap().is_some());
    for _ in 0..2 {
        assert_eq!(store.expire_upload(&id, at(100)).await.unwrap(), Disowned::Done(Some("u.mp3".into())));
    }
}

pub(in crate::store) async fn an_unconfirmed_dub_needs_its_uploads_for_a_week(store: &dyn Store) {
    let id = UploadId("u".into());
    begin(store, upload("u", "anna", 1, 10)).await;
    assert!(finish(store, "u").await);
    store.insert_dub(made_from("dub", "anna", "u"), T0).await.unwrap();
    super::staging::staged(store, "dub", "t", 1).await;
    let intent = send(store, 1).await.unwrap();
    let end = CreateEnd::Unknown { problem: problem(), slot_until: at(9) };
    store.end_create(intent.create, end, at(2)).await.unwrap();
    let over = at(2) + KEPT_UNCONFIRMED;
    let before = over - Duration::from_millis(1);
    assert_eq!(store.expired_uploads(None, 9, before).await.unwrap(), []);
    assert_eq!(store.disown_upload(&id, before).await.unwrap(), Disowned::InUse);
    assert_eq!(store.expired_uploads(None, 9, over).await.unwrap(), std::slice::from_ref(&id));
    assert_eq!(store.expire_upload(&id, over).await.unwrap(), Disowned::Done(Some("u.mp3".into())));
}

pub(in crate::store) async fn bytes_that_were_about_to_be_stored_are_known_to_whoever_removes_them(store: &dyn Store) {
    let id = UploadId("u".into());
    begin(store, upload("u", "anna", 1, 10)).await;
    store.announce_key(&id, "u.mp3").await.unwrap();
    assert_eq!(store.arriving_uploads().await.unwrap(), std::slice::from_ref(&id));
    assert_eq!(store.disown_upload(&id, T0).await.unwrap(), Disowned::Done(Some("u.mp3".into())));
}

pub(in crate::store) async fn a_dub_is_not_taken_with_an_upload_that_is_gone_unfinished_or_anothers(store: &dyn Store) {
    begin(store, upload("arriving", "anna", 1, 10)).await;
    begin(store, upload("bens", "ben", 1, 10)).await;
    assert!(finish(store, "bens").await);
    for id in ["arriving", "bens", "gone"] {
        let refused = store.insert_dub(made_from("dub", "anna", id), T0).await.unwrap();
        assert_eq!(refused, Inserted::UploadMissing, "{id}");
    }
    assert_eq!(store.dub(&anna(), &DubId("dub".into())).await.unwrap(), None);
}
