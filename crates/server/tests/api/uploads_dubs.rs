//! What becomes of whole uploads: dubs are made from them, and their owners see them again.

use contract::{Code, Dub, FieldCode, Media, Phase, routes};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    helpers::{Answer, TestApp, Visitor},
    s3::S3,
    tus::{VIDEO, VOICE, id},
};

fn wish(video: &str, audio: &str) -> Value {
    json!({ "video": { "upload_id": id(video) }, "audio": { "upload_id": id(audio) }, "resolution": "480p" })
}

#[tokio::test]
async fn a_dub_is_made_from_files_of_ones_own() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let (video, audio) =
        (visitor.upload("video", "clip.mp4", VIDEO).await, visitor.upload("audio", "voice.mp3", VOICE).await);
    let dub = visitor.rest(&visitor.ask(&wish(&video, &audio)).await.id.0).await;
    assert_eq!(dub.phase, Phase::Succeeded, "{:?}", dub.problem);
    assert_eq!(dub.input.video, Media::UploadId(id(&video).into()));
}

#[tokio::test]
async fn an_upload_that_cannot_be_used_is_refused_on_its_field_with_everything_else() {
    let app = TestApp::idle().await;
    let (anna, ben) = (app.visitor().await, app.visitor().await);
    let (video, audio) = (anna.upload("video", "a.mp4", VIDEO).await, anna.upload("audio", "a.mp3", VOICE).await);
    let arriving = anna.begin("audio", "b.mp3", VOICE.len()).await;
    let anothers = ben.upload("video", "c.mp4", VIDEO).await;
    for (wish, expected) in [
        (wish(&audio, &video), [("video", FieldCode::WrongKind), ("audio", FieldCode::WrongKind)]),
        (wish(&anothers, &arriving), [("video", FieldCode::NoSuchUpload), ("audio", FieldCode::UploadUnfinished)]),
        (wish("../../etc", ""), [("video", FieldCode::NoSuchUpload), ("audio", FieldCode::NoSuchUpload)]),
    ] {
        let mut wish = wish;
        wish["seed"] = json!(0);
        let answer = anna.post(routes::DUBS, &wish).await;
        let told: Vec<_> = answer.problem().errors.into_iter().map(|error| (error.field, error.code)).collect();
        let expected = expected.into_iter().chain([("seed", FieldCode::OutOfRange)]);
        assert_eq!(told, expected.map(|(field, code)| (field.to_owned(), code)).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn an_upload_from_when_more_was_taken_is_refused_for_its_size() {
    let mut app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let (video, audio) = (visitor.upload("video", "a.mp4", VIDEO).await, visitor.upload("audio", "a.mp3", VOICE).await);
    app.config.uploads.limits.max_bytes = VIDEO.len() as u64 - 1;
    let app = app.restart().await;
    let visitor = Visitor { base: app.base.clone(), ..visitor };
    let answer = visitor.post(routes::DUBS, &wish(&video, &audio)).await;
    let told: Vec<_> = answer.problem().errors.into_iter().map(|error| (error.field, error.code)).collect();
    assert_eq!(told, [("video".to_owned(), FieldCode::TooLarge)]);
}

#[tokio::test]
async fn an_upload_that_a_dub_needs_is_not_deleted() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let (video, audio) = (visitor.upload("video", "a.mp4", VIDEO).await, visitor.upload("audio", "a.mp3", VOICE).await);
    visitor.ask(&wish(&video, &audio)).await;
    let answer = visitor.delete(&video).await;
    assert_eq!((answer.status, answer.problem().code), (409, Code::Conflict));
    assert_eq!(visitor.offset(&video).await, VIDEO.len());
}

#[tokio::test]
async fn a_repeated_request_finds_its_dub_after_its_files_are_gone() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let (video, audio) = (visitor.upload("video", "a.mp4", VIDEO).await, visitor.upload("audio", "a.mp3", VOICE).await);
    let wish = wish(&video, &audio);
    let post = async || {
        let request = visitor.request(Method::POST, routes::DUBS).header(routes::IDEMPOTENCY_KEY, "one");
        let answer = Answer::to(request.json(&wish)).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
        answer.json::<Dub>().id
    };
    let id = post().await;
    visitor.rest(&id.0).await;
    assert_eq!((visitor.delete(&video).await.status, visitor.delete(&audio).await.status), (204, 204));
    assert_eq!(post().await, id);
}

#[tokio::test]
async fn an_upload_is_served_to_its_owner_alone_in_whole_and_in_parts() {
    check_served(&TestApp::idle().await).await;
}

#[tokio::test]
async fn an_upload_in_a_bucket_is_served_just_so() {
    let s3 = S3::start().await;
    check_served(&TestApp::idle_with(&s3).await).await;
}

async fn check_served(app: &TestApp) {
    let (anna, ben) = (app.visitor().await, app.visitor().await);
    let path = anna.upload("video", "../Ma vidéo.exe", VIDEO).await;
    let url = routes::media(id(&path), "whatever.mp4");
    let whole = anna.get(&url).await;
    assert_eq!((whole.status, whole.header("content-type")), (200, "video/mp4"));
    assert_eq!(whole.body, VIDEO);
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert_eq!(whole.header("content-security-policy"), "sandbox");
    let part = anna.get_with(&url, "range", "bytes=10-19").await;
    assert_eq!((part.status, &part.body[..]), (206, &VIDEO[10..20]));
    assert_eq!(anna.get_with(&url, "if-none-match", whole.header("etag")).await.status, 304);
    let download = anna.get(&format!("{url}?download")).await;
    assert!(download.header("content-disposition").ends_with("Ma%20vid%C3%A9o.mp4"), "{:?}", download.headers);
    assert_eq!((ben.get(&url).await.status, app.stranger().get(&url).await.status), (404, 404));
    let arriving = anna.begin("video", "b.mp4", VIDEO.len()).await;
    assert_eq!(anna.get(&routes::media(id(&arriving), "b.mp4")).await.status, 404);
}
