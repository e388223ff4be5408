//! Files and rows that have lost each other, in a folder and in a bucket alike.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use contract::{Code, Dub, DubId, Media, Metrics, Phase};
use redub_server::{
    clock::Moment,
    media::result_key,
    reconcile::{PutRight, Reconciler},
    storage::STORE,
    store::{
        Claim, CreateEnd, LifeStore as _, Owner, PredictionId, ProviderLimits, RESULT_NAME, SaveEnd, Seen, SqliteStore,
        Store as _, UploadId, UploadStore as _,
    },
    uploads::{SentBody, Settings, Uploads, Wish},
};
use tokio_util::sync::CancellationToken;

use crate::{helpers::tone, storage::Place, stored};

struct Bench {
    place: Place,
    store: Arc<SqliteStore>,
    uploads: Arc<Uploads>,
    now: Moment,
}

fn anna() -> Owner {
    Owner("anna".into())
}

impl Bench {
    async fn at(place: Place) -> Self {
        let data = place.folder.path();
        let store = Arc::new(SqliteStore::open(&data.join("redub.sqlite")).await.unwrap());
        let settings = Settings { reserve_bytes: 0, ..Settings::default() };
        let (storage, stopping) = (place.storage.clone(), CancellationToken::new());
        let uploads = Uploads::open(store.clone(), storage, data, settings, stopping).await.unwrap();
        Self { place, store, uploads, now: Moment::now() }
    }

    /// What a look puts right after so many minutes.
    async fn look(&self, minutes: u64) -> PutRight {
        let (store, storage, uploads) = (self.store.clone(), self.place.storage.clone(), self.uploads.clone());
        let now = Moment::now() + Duration::from_mins(minutes);
        Reconciler { store, storage, uploads }.reconcile(now).await.unwrap()
    }

    async fn has(&self, key: &str) -> bool {
        self.place.storage.size(key).await.is_ok()
    }

    async fn dub(&self, id: &DubId) -> Dub {
        self.store.dub(&anna(), id).await.unwrap().unwrap().dub
    }

    async fn ask(&self, id: &str, audio: Media) -> DubId {
        let mut dub = stored::dub(id, anna());
        dub.input.audio = audio;
        let id = dub.id.clone();
        self.store.insert_dub(dub, self.now).await.unwrap();
        id
    }

    /// A dub whose result is about to be booked, and in its place.
    async fn saving(&self, id: &str) -> DubId {
        let id = self.ask(id, Media::Url("https://example.com/a.mp3".into())).await;
        let limits = ProviderLimits { running: 9, creates: 99 };
        let Claim::Send(intent) = self.store.claim(limits, self.now).await.unwrap() else { panic!("it is its turn") };
        let end = CreateEnd::Accepted { prediction: PredictionId(id.0.clone()), poll_at: self.now };
        self.store.end_create(intent.create, end, self.now).await.unwrap();
        let done = Seen::Done { result_url: "https://example.com/r.mp4".into(), metrics: Metrics::default() };
        self.store.book_seen(&id, done, self.now).await.unwrap();
        self.place.put(&result_key(&id, RESULT_NAME), b"a video").await;
        id
    }

    async fn made(&self, id: &str) -> DubId {
        let id = self.saving(id).await;
        let until = self.now + Duration::from_hours(99);
        self.store.book_save(&id, SaveEnd::Saved(stored::result(1), until), self.now).await.unwrap();
        id
    }

    /// A whole upload, and the key of its bytes.
    async fn upload(&self) -> (UploadId, String) {
        let bytes = tone();
        let wish = Wish { length_bytes: bytes.len() as u64, ..Wish::default() };
        let id = self.uploads.begin(anna(), wish, self.now).await.unwrap().id;
        let body = SentBody { bytes: None, body: Body::from(bytes) };
        let whole = self.uploads.append(anna(), id.clone(), 0, body, self.now).await.unwrap();
        (id, whole.upload.content.unwrap().storage_key)
    }
}

macro_rules! everywhere {
    ($($promise:ident)*) => {
        mod in_a_folder {
            $(#[tokio::test]
            async fn $promise() {
                super::$promise(&super::Bench::at(super::Place::folder()).await).await;
            })*
        }

        mod in_a_bucket {
            $(#[tokio::test]
            async fn $promise() {
                super::$promise(&super::Bench::at(super::Place::bucket().await).await).await;
            })*
        }
    };
}

everywhere! {
    a_file_that_nothing_knows_is_removed_after_an_hour
    what_may_be_another_databases_is_left_alone_until_its_mark_is_removed
    what_belongs_somewhere_stays
    a_missing_result_is_told_and_shown_again_when_it_turns_up
    an_upload_without_its_file_is_gone_unless_a_dub_needs_it
}

async fn a_file_that_nothing_knows_is_removed_after_an_hour(bench: &Bench) {
    let unknown = ["media/nobodys/dub.mp4", "uploads/nobodys.mp3", "staged/nobodys.mp3"];
    for key in unknown.into_iter().chain(["media/not-ours"]) {
        bench.place.put(key, b"left").await;
    }
    assert_eq!(bench.look(50).await, PutRight::default(), "it may be on its way");
    assert_eq!(bench.look(70).await, PutRight { files: 3, ..PutRight::default() });
    for key in unknown {
        assert!(!bench.has(key).await, "{key}");
    }
    assert!(bench.has("media/not-ours").await);
    assert_eq!(bench.look(70).await, PutRight::default());
}

async fn what_may_be_another_databases_is_left_alone_until_its_mark_is_removed(bench: &Bench) {
    assert!(bench.place.storage.is_of("another").await.unwrap());
    let unknown = ["media/anothers/dub.mp4", "uploads/anothers.mp3", "staged/anothers.mp3"];
    for key in unknown {
        bench.place.put(key, b"another's").await;
    }
    for _ in 0..2 {
        assert_eq!(bench.look(600).await, PutRight { left: 3, ..PutRight::default() });
    }
    for key in unknown {
        assert!(bench.has(key).await, "{key}");
    }
    bench.place.storage.delete(STORE).await.unwrap();
    assert_eq!(bench.look(600).await, PutRight { files: 3, ..PutRight::default() });
}

async fn what_belongs_somewhere_stays(bench: &Bench) {
    let (made, deleted) = (bench.made("made").await, bench.made("deleted").await);
    let saving = bench.saving("saving").await;
    assert!(bench.store.delete(&anna(), &deleted, bench.now).await.unwrap());
    let (_, upload) = bench.upload().await;
    assert_eq!(bench.look(600).await, PutRight::default());
    for id in [made, deleted, saving] {
        assert!(bench.has(&result_key(&id, RESULT_NAME)).await, "{id}");
    }
    assert!(bench.has(&upload).await);
}

async fn a_missing_result_is_told_and_shown_again_when_it_turns_up(bench: &Bench) {
    let (id, other) = (bench.made("a").await, bench.made("b").await);
    let (key, first) = (result_key(&id, RESULT_NAME), bench.dub(&id).await);
    bench.place.storage.delete(&key).await.unwrap();
    assert_eq!(bench.look(600).await, PutRight { lost: 1, ..PutRight::default() });
    let told = bench.dub(&id).await;
    assert_eq!((told.phase, told.output, told.problem.unwrap().code), (Phase::Succeeded, None, Code::ResultGone));
    assert_eq!((bench.look(600).await, bench.dub(&other).await.problem), (PutRight::default(), None));
    bench.place.put(&key, b"a video").await;
    assert_eq!(bench.look(600).await, PutRight { found: 1, ..PutRight::default() });
    let shown = bench.dub(&id).await;
    assert_eq!((shown.output, shown.problem), (first.output, None));
    assert!(bench.has(&key).await);
}

async fn an_upload_without_its_file_is_gone_unless_a_dub_needs_it(bench: &Bench) {
    let ((used, used_key), (unused, unused_key)) = (bench.upload().await, bench.upload().await);
    bench.ask("a", Media::UploadId(used.0.clone())).await;
    for key in [used_key, unused_key] {
        bench.place.storage.delete(&key).await.unwrap();
    }
    assert_eq!(bench.look(1).await, PutRight { uploads: 1, ..PutRight::default() });
    assert!(bench.store.upload(&anna(), &used).await.unwrap().is_some(), "its dub says so when it fails");
    assert_eq!(bench.store.upload(&anna(), &unused).await.unwrap(), None);
}
