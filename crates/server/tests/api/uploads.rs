//! Files from visitors: the protocol, whose they are, and how much there may be.

use contract::{
    Code, Config, UploadLimits, routes,
    upload::{OFFSET_OCTET_STREAM, TUS_VERSION},
};
use reqwest::Method;

use crate::{
    helpers::{Answer, TestApp},
    s3::S3,
    tus::{VIDEO, VOICE, id, metadata},
};

fn limits(max_bytes: u64, max_files: u32, max_total_bytes: u64) -> UploadLimits {
    UploadLimits { max_bytes, max_files, max_total_bytes, max_mask_pixels: 16_000_000 }
}

#[tokio::test]
async fn the_page_is_told_what_may_be_uploaded() {
    let app = TestApp::with(|config| config.uploads.limits = limits(7, 8, 9)).await;
    let config: Config = app.stranger().get(routes::CONFIG).await.json();
    assert!(config.features.uploads);
    assert_eq!(config.limits.upload, Some(limits(7, 8, 9)));
}

#[tokio::test]
async fn an_upload_arrives_in_pieces_and_says_how_far_it_is() {
    let app = TestApp::idle().await;
    let path = check_arriving(&app).await;
    assert_eq!(app.upload_files(), [(format!("{}.mp4", id(&path)), VIDEO.into())]);
}

#[tokio::test]
async fn an_upload_to_a_bucket_arrives_just_so() {
    let s3 = S3::start().await;
    let app = TestApp::idle_with(&s3).await;
    let path = check_arriving(&app).await;
    assert_eq!(std::fs::read(s3.path(&format!("uploads/{}.mp4", id(&path)))).unwrap(), VIDEO);
    assert_eq!(app.upload_files(), [], "nothing of it stays here");
}

/// Has a video arrive; gives the upload's path.
async fn check_arriving(app: &TestApp) -> String {
    let visitor = app.visitor().await;
    let begun = visitor.begin_with(VIDEO.len() as u64, &metadata("video", "Clip.mp4")).await;
    assert_eq!((begun.status, begun.header("tus-resumable")), (201, TUS_VERSION));
    assert!(begun.header("upload-expires").ends_with(" GMT"), "{:?}", begun.headers);
    let path = begun.header("location").to_owned();
    assert_eq!(path, routes::upload(id(&path)));

    let head = visitor.head(&path).await;
    assert_eq!((head.header("upload-offset"), head.header("cache-control")), ("0", "no-store"));
    assert_eq!(head.header("upload-length"), VIDEO.len().to_string());
    assert_eq!(head.header("upload-metadata"), metadata("video", "Clip.mp4"));

    let third = VIDEO.len() / 3;
    let first = visitor.patch(&path, 0, &VIDEO[..third]).await;
    assert_eq!((first.status, first.header("upload-offset")), (204, &*third.to_string()));
    assert!(first.header("upload-expires").ends_with(" GMT"));
    assert_eq!(visitor.offset(&path).await, third);
    let second = visitor.patch_chunked(&path, third, &VIDEO[third..2 * third]).await;
    assert_eq!((second.status, visitor.offset(&path).await), (204, 2 * third));
    let last = visitor.patch(&path, 2 * third, &VIDEO[2 * third..]).await;
    assert_eq!((last.status, last.header("upload-offset")), (204, &*VIDEO.len().to_string()));
    assert_eq!(visitor.offset(&path).await, VIDEO.len());
    assert_eq!(visitor.patch(&path, VIDEO.len(), b"").await.status, 204, "a repeated last request is harmless");
    path
}

#[tokio::test]
async fn what_of_tus_is_spoken_is_told() {
    let app = TestApp::idle().await;
    for path in [routes::UPLOADS, "/api/uploads/whatever"] {
        let answer = Answer::to(app.stranger().request(Method::OPTIONS, path)).await;
        assert_eq!((answer.status, answer.header("tus-version")), (204, TUS_VERSION));
        assert_eq!(answer.header("tus-resumable"), TUS_VERSION);
        assert_eq!(answer.header("tus-extension"), "creation,termination,expiration");
        assert_eq!(answer.header("tus-max-size"), "100000000");
    }
}

#[tokio::test]
async fn another_version_of_tus_or_none_is_refused() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let path = visitor.upload("audio", "a.mp3", VOICE).await;
    for method in [Method::POST, Method::HEAD, Method::PATCH, Method::DELETE] {
        let path = if method == Method::POST { routes::UPLOADS } else { &path };
        for version in [None, Some("0.2.2"), Some("1.0.1")] {
            let mut request = visitor.request(method.clone(), path).header("upload-length", 5);
            if let Some(version) = version {
                request = request.header("tus-resumable", version);
            }
            let answer = Answer::to(request).await;
            assert_eq!((answer.status, answer.header("tus-version")), (412, TUS_VERSION), "{method} {version:?}");
            assert_eq!(answer.header("tus-resumable"), TUS_VERSION);
            if method != Method::HEAD {
                assert_eq!(answer.problem().code, Code::UnsupportedTusVersion);
            }
        }
    }
    assert_eq!(visitor.offset(&path).await, VOICE.len());
}

#[tokio::test]
async fn a_wrong_offset_is_a_conflict_and_a_wrong_type_is_not_taken() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let path = visitor.begin("audio", "a.mp3", VOICE.len()).await;
    assert_eq!(visitor.patch(&path, 0, &VOICE[..1_000]).await.status, 204);
    for offset in [0, 999, 1_001, VOICE.len(), usize::MAX] {
        let answer = visitor.patch(&path, offset, &VOICE[..10]).await;
        assert_eq!((answer.status, answer.problem().code), (409, Code::Conflict), "{offset}");
        assert_eq!(answer.header("tus-resumable"), TUS_VERSION);
    }
    for content_type in ["application/octet-stream", "video/mp4", ""] {
        let request = visitor.tus(Method::PATCH, &path).header("upload-offset", 1_000);
        let answer = Answer::to(request.header("content-type", content_type).body("x")).await;
        assert_eq!((answer.status, answer.problem().code), (415, Code::UnsupportedMedia), "{content_type}");
    }
    let request = visitor.tus(Method::PATCH, &path).header("content-type", OFFSET_OCTET_STREAM);
    assert_eq!(Answer::to(request.header("upload-offset", "-1").body("x")).await.refused(), ["upload-offset"]);
    assert_eq!(visitor.offset(&path).await, 1_000);
}

#[tokio::test]
async fn a_creation_that_cannot_be_understood_is_refused_by_its_headers() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let create = || visitor.tus(Method::POST, routes::UPLOADS);
    assert_eq!(Answer::to(create()).await.refused(), ["upload-length"]);
    assert_eq!(Answer::to(create().header("upload-defer-length", 1)).await.refused(), ["upload-length"]);
    let both = create().header("upload-length", "many").header("upload-metadata", "kind c3Bvb24=");
    assert_eq!(Answer::to(both).await.refused(), ["upload-length", "upload-metadata"]);
}

#[tokio::test]
async fn an_upload_is_nobody_elses() {
    let app = TestApp::idle().await;
    let (anna, ben) = (app.visitor().await, app.visitor().await);
    let path = anna.begin("audio", "a.mp3", VOICE.len()).await;
    for other in [&ben, &app.stranger()] {
        assert_eq!(other.head(&path).await.status, 404);
        for answer in [other.patch(&path, 0, VOICE).await, other.delete(&path).await] {
            assert_eq!((answer.status, answer.problem().code), (404, Code::NotFound));
        }
    }
    assert_eq!(anna.patch(&path, 0, VOICE).await.status, 204);
    assert_eq!(ben.head(&path).await.status, 404);
}

#[tokio::test]
async fn an_upload_is_changed_by_our_own_page_alone() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let path = visitor.begin("audio", "a.mp3", VOICE.len()).await;
    for (method, path) in [(Method::POST, routes::UPLOADS), (Method::PATCH, &*path), (Method::DELETE, &*path)] {
        let request = visitor.http.request(method, format!("{}{path}", app.base)).header("tus-resumable", TUS_VERSION);
        let request = request.header("cookie", visitor.cookie.clone().unwrap()).header("upload-length", 5);
        let answer = Answer::to(request.header("sec-fetch-site", "cross-site")).await;
        assert_eq!((answer.status, answer.problem().code), (403, Code::CrossSite));
        assert_eq!(answer.header("tus-resumable"), TUS_VERSION);
    }
    assert_eq!(visitor.offset(&path).await, 0);
}

#[tokio::test]
async fn a_deleted_upload_leaves_nothing() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let arriving = visitor.begin("audio", "a.mp3", VOICE.len()).await;
    visitor.patch(&arriving, 0, &VOICE[..5_000]).await;
    let whole = visitor.upload("audio", "b.mp3", VOICE).await;
    for path in [arriving, whole] {
        assert_eq!(visitor.delete(&path).await.status, 204);
        assert_eq!((visitor.head(&path).await.status, visitor.delete(&path).await.status), (404, 404));
    }
    assert_eq!(app.upload_files(), []);
}

#[tokio::test]
async fn a_method_that_cannot_be_sent_can_be_named() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let path = visitor.begin("audio", "a.mp3", VOICE.len()).await;
    let named = |method: &'static str| visitor.tus(Method::POST, &path).header("x-http-method-override", method);
    let with_bytes = named("PATCH").header("content-type", OFFSET_OCTET_STREAM).header("upload-offset", 0);
    assert_eq!(Answer::to(with_bytes.body(VOICE)).await.status, 204);
    assert_eq!(Answer::to(named("HEAD")).await.header("upload-offset"), VOICE.len().to_string());
    assert_eq!(Answer::to(named("GET")).await.status, 405);
    assert_eq!(Answer::to(named("DELETE")).await.status, 204);
    assert_eq!(visitor.head(&path).await.status, 404);
}

#[tokio::test]
async fn a_visitors_files_and_bytes_are_counted() {
    let app = TestApp::with(|config| config.uploads.limits = limits(1_000, 3, 1_500)).await;
    let (anna, ben) = (app.visitor().await, app.visitor().await);
    let first = anna.begin("video", "a.mp4", 1_000).await;
    let over = anna.begin_with(501, "").await;
    assert_eq!((over.status, over.problem().code), (429, Code::QuotaExceeded));
    let wait: u64 = over.header("retry-after").parse().unwrap();
    assert!((86_000..=86_400).contains(&wait), "{wait}");
    anna.begin("video", "b.mp4", 100).await;
    anna.begin("video", "c.mp4", 100).await;
    assert_eq!(anna.begin_with(100, "").await.status, 429, "a fourth file");
    ben.begin("video", "a.mp4", 1_000).await;
    assert_eq!(anna.delete(&first).await.status, 204);
    anna.begin("video", "d.mp4", 100).await;
}
