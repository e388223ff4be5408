//! A dub of two files that the server finds when it starts.

use std::time::Duration;

use contract::{Media, UploadKind, UploadLimits};
use redub_server::{
    clock::Moment,
    config::{Config, StorageConfig},
    ids,
    storage::Storage,
    store::{Inserted, Owner, SqliteStore, Store as _, Upload, UploadContent, UploadId, UploadStore as _},
};

use crate::{
    between::Between,
    helpers::{TestApp, Visitor, tone},
    stored,
};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
/// How long the files are kept.
const LIFE: Duration = Duration::from_hours(1);
pub(super) const DUB: &str = "a-dub-of-two-files";
pub(super) const VIDEO: &[u8] = include_bytes!("../../../../provider-sim/sample/presenter.mp4");

/// A dub of two files of the visitor's with [`TOKEN`], taken before the server starts.
pub(super) async fn seed(config: &Config, prompt: &str) {
    std::fs::create_dir_all(&config.data).unwrap();
    let store = SqliteStore::open(&config.data.join("redub.sqlite")).await.unwrap();
    let storage = match &config.storage {
        StorageConfig::Folder => Storage::folder(&config.data).unwrap(),
        StorageConfig::Bucket(settings) => Storage::bucket(settings.clone()).await.unwrap(),
    };
    let owner = Owner(ids::sha256_hex(TOKEN.as_bytes()));
    let (now, voice) = (Moment::now(), tone());
    for (id, bytes, kind, extension, content_type) in [
        ("the-video", VIDEO, UploadKind::Video, "mp4", "video/mp4"),
        ("the-voice", &voice, UploadKind::Audio, "wav", "audio/wav"),
    ] {
        let quota = UploadLimits { max_bytes: 9, max_files: 9, max_total_bytes: u64::MAX, max_mask_pixels: 9 };
        let upload = Upload {
            id: UploadId(id.into()),
            owner: owner.clone(),
            declared_kind: None,
            metadata: None,
            file_name: "file".into(),
            length_bytes: bytes.len() as u64,
            expires_at: now + LIFE,
            content: None,
        };
        store.begin_upload(upload.clone(), quota, now).await.unwrap();
        let arrived = config.data.join("arrived");
        std::fs::write(&arrived, bytes).unwrap();
        let storage_key = format!("uploads/{id}");
        storage.adopt(&arrived, &storage_key).await.unwrap();
        let (extension, content_type) = (extension.to_owned(), content_type.to_owned());
        let content = UploadContent { kind, extension, content_type, storage_key, duration_ms: None };
        assert!(store.finish_upload(&upload.id, content, LIFE, now).await.unwrap());
    }
    let mut dub = stored::dub(DUB, owner);
    dub.input.video = Media::UploadId("the-video".into());
    dub.input.audio = Media::UploadId("the-voice".into());
    dub.input.prompt = Some(prompt.into());
    assert!(matches!(store.insert_dub(dub, now).await.unwrap(), Inserted::New(_)));
}

pub(super) async fn start(prompt: &str, change: impl FnOnce(&mut Config)) -> (TestApp, Visitor) {
    let app = TestApp::seeded(change, async |config| seed(config, prompt).await).await;
    let visitor = owner_of(&app);
    (app, visitor)
}

/// As [`start`], with something between the server and the simulator that does as it is told.
pub(super) async fn start_between(prompt: &str, tell: impl FnOnce(&Between)) -> (TestApp, Visitor, Between) {
    let mut between = None;
    let app = TestApp::seeded(
        |_| {},
        async |config| {
            let sim = config.provider.base_url.as_str().trim_end_matches("/v1").to_owned();
            let made = Between::start(sim).await;
            tell(&made);
            config.provider.base_url = made.v1_url().parse().unwrap();
            between = Some(made);
            seed(config, prompt).await;
        },
    )
    .await;
    let visitor = owner_of(&app);
    (app, visitor, between.unwrap())
}

pub(super) fn owner_of(app: &TestApp) -> Visitor {
    Visitor { cookie: Some(format!("redub_visitor={TOKEN}")), ..app.stranger() }
}
