//! Visitors' files on their way to the provider: by each of the three ways, through faults, and gone again at the end.

mod seeded;

use contract::{Code, Dub, Media, Phase, routes};
use redub_server::{
    config::{Config, StorageConfig},
    dispatch::StagingWay,
};
use reqwest::Method;
use seeded::{DUB, VIDEO, owner_of, seed, start, start_between};
use serde_json::{Value, json};

use crate::{
    helpers::{Answer, KEY, TestApp, Visitor, eventually},
    s3::S3,
};

/// The links of the create number `n`.
fn links(app: &TestApp, n: usize) -> [String; 2] {
    let input = app.sim.journal()[n].input.clone();
    ["video", "audio"].map(|field| input[field].as_str().unwrap().to_owned())
}

/// The extension of a link's path.
fn end(link: &str) -> &str {
    link.split('?').next().unwrap().rsplit('.').next().unwrap()
}

async fn is_there(visitor: &Visitor, link: &str) -> bool {
    Answer::to(visitor.http.get(link)).await.status == 200
}

async fn gone(visitor: &Visitor, link: &str) {
    eventually(async || (!is_there(visitor, link).await).then_some(())).await;
}

async fn made(visitor: &Visitor) -> Dub {
    let dub = visitor.rest(DUB).await;
    assert_eq!(dub.phase, Phase::Succeeded, "{:?}", dub.problem);
    dub
}

fn assert_key_stayed(app: &TestApp) {
    let stats = app.sim.stats();
    assert_eq!((stats.keys_sent_to_storage, stats.strayed_requests), (0, 0));
}

#[tokio::test]
async fn files_go_through_the_providers_storage_and_are_gone_from_there_at_the_end() {
    let (app, visitor) = start("", |_| {}).await;
    let dub = made(&visitor).await;
    assert_eq!(dub.input.video, Media::UploadId("the-video".into()), "its owner sees the upload");
    assert_eq!(app.sim.journal().len(), 1);
    let [video, voice] = links(&app, 0);
    let storage = format!("{}/storage/public/", app.sim.base_url());
    assert!(video.starts_with(&storage) && end(&video) == "mp4", "{video}");
    assert!(voice.starts_with(&storage) && end(&voice) == "wav", "{voice}");
    for link in [&video, &voice] {
        gone(&visitor, link).await;
    }
    assert_key_stayed(&app);
}

#[tokio::test]
async fn a_resubmit_has_links_of_its_own_and_the_first_keep_working() {
    let (app, visitor) = start("sim:500-after-accept sim:unlisted sim:slow=600", |_| {}).await;
    assert_eq!(visitor.rest(DUB).await.phase, Phase::Unconfirmed);
    let answer = visitor.post(&routes::resubmit(DUB), &json!({ "accept_second_charge": true })).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    eventually(async || (app.sim.journal().len() == 2).then_some(())).await;
    let (first, second) = (links(&app, 0), links(&app, 1));
    for link in first.iter().chain(&second) {
        assert!(is_there(&visitor, link).await, "{link}");
    }
    assert!(first.iter().all(|link| !second.contains(link)), "{first:?} {second:?}");
}

#[tokio::test]
async fn a_create_that_was_turned_away_is_sent_again_and_bought_once() {
    for prompt in ["sim:429", "sim:402"] {
        let (app, visitor) = start(prompt, |_| {}).await;
        made(&visitor).await;
        assert_eq!((app.sim.journal().len(), app.sim.create_requests_seen()), (1, 2), "{prompt}");
        assert_key_stayed(&app);
    }
}

#[tokio::test]
async fn a_provider_that_gives_no_place_is_asked_again_and_the_visitor_is_told() {
    for (status, code) in
        [(500, Code::ProviderUnavailable), (429, Code::ProviderUnavailable), (401, Code::ProviderUnavailable)]
    {
        let (app, visitor, between) = start_between("", |between| between.answer_presigns_with(status)).await;
        let waiting = visitor.until(DUB, |dub| dub.problem.is_some()).await;
        assert_eq!((waiting.phase, waiting.problem.unwrap().code), (Phase::Staging, code), "{status}");
        assert_eq!(app.sim.create_requests_seen(), 0);
        between.answer_presigns_with(0);
        assert_eq!(made(&visitor).await.problem, None);
        assert_eq!(app.sim.journal().len(), 1);
    }
}

#[tokio::test]
async fn a_file_that_is_refused_or_too_large_for_the_provider_fails_the_dub() {
    for (status, code, words) in [(400, Code::DubFailed, "told to"), (413, Code::TooLarge, "larger")] {
        let (app, visitor, _between) = start_between("", |between| between.answer_presigns_with(status)).await;
        let problem = visitor.rest(DUB).await.problem.unwrap();
        assert_eq!(problem.code, code);
        assert!(problem.detail.contains("video file") && problem.detail.contains(words), "{}", problem.detail);
        assert_eq!(app.sim.create_requests_seen(), 0);
    }
}

#[tokio::test]
async fn a_put_that_is_cut_midway_is_made_again_and_never_carries_the_key() {
    let (app, visitor, between) = start_between("", |between| between.cut_puts(1)).await;
    made(&visitor).await;
    let cut = between.cut();
    assert!(cut.starts_with("put /cut.mp4") && cut.contains(&format!("content-length: {}", VIDEO.len())), "{cut:.300}");
    assert!(cut.contains("content-type: video/mp4") && cut.contains("x-upload-check: "), "{cut:.300}");
    assert!(!cut.contains(KEY) && !cut.contains("x-api-key"));
    assert_eq!(app.sim.journal().len(), 1);
    assert_key_stayed(&app);
}

#[tokio::test]
async fn an_upload_that_is_gone_fails_the_dub() {
    let app = TestApp::seeded(
        |_| {},
        async |config| {
            seed(config, "").await;
            std::fs::remove_file(config.data.join("uploads/the-voice")).unwrap();
        },
    )
    .await;
    let dub = owner_of(&app).rest(DUB).await;
    assert_eq!((dub.phase, dub.problem.as_ref().unwrap().code), (Phase::Failed, Code::DubFailed));
    assert!(dub.problem.unwrap().detail.contains("voice file is no longer here"));
    assert_eq!(app.sim.create_requests_seen(), 0);
}

#[tokio::test]
async fn what_cannot_be_removed_yet_is_removed_later_and_after_a_restart_too() {
    let (app, visitor, between) = start_between("", |between| between.answer_deletes_with(409)).await;
    made(&visitor).await;
    eventually(async || (between.deletes() >= 4).then_some(())).await;
    let links = links(&app, 0);
    for link in &links {
        assert!(is_there(&visitor, link).await);
    }
    let app = app.restart().await;
    between.answer_deletes_with(500);
    let before = between.deletes();
    eventually(async || (between.deletes() >= before + 4).then_some(())).await;
    between.answer_deletes_with(0);
    for link in &links {
        gone(&visitor, link).await;
    }
    assert_key_stayed(&app);
}

#[tokio::test]
async fn a_public_link_needs_no_cookie_and_ends_with_the_dub() {
    let public = |config: &mut Config| {
        config.staging = StagingWay::Public(format!("http://{}", config.listen).parse().unwrap());
    };
    let (app, visitor) = start("sim:slow=600", public).await;
    visitor.until(DUB, |dub| dub.phase == Phase::Processing).await;
    let [video, voice] = links(&app, 0);
    assert!(video.starts_with(&format!("{}/media/staged-", app.base)) && video.ends_with("/video.mp4"), "{video}");
    let stranger = app.stranger();
    let whole = Answer::to(stranger.http.get(&video)).await;
    assert_eq!((whole.status, &whole.body[..] == VIDEO, whole.header("content-type")), (200, true, "video/mp4"));
    assert_eq!(whole.header("content-security-policy"), "sandbox");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    let part = Answer::to(stranger.http.get(&voice).header("range", "bytes=0-3")).await;
    assert_eq!((part.status, &part.body[..]), (206, &b"RIFF"[..]));
    let other_end = video.replace(".mp4", ".html");
    let other_token = video.replace("staged-", "staged-0");
    for link in [&other_end, &other_token] {
        assert_eq!(Answer::to(stranger.http.get(link)).await.problem().code, Code::NotFound);
    }
    let id = &app.sim.journal()[0].prediction_id;
    let cancel = stranger.http.post(format!("{}/prediction/{id}/cancel", app.sim.v1_url()));
    assert_eq!(Answer::to(cancel.header("x-api-key", KEY)).await.status, 200);
    assert_eq!(visitor.rest(DUB).await.phase, Phase::Cancelled);
    for link in [&video, &voice] {
        assert_eq!(Answer::to(stranger.http.get(link)).await.problem().code, Code::NotFound);
    }
}

#[tokio::test]
async fn a_dub_is_made_from_files_that_the_provider_fetches_here() {
    let public = |config: &mut Config| {
        config.staging = StagingWay::Public(format!("http://{}", config.listen).parse().unwrap());
    };
    let (app, visitor) = start("", public).await;
    made(&visitor).await;
    assert_eq!(app.sim.journal().len(), 1);
}

#[tokio::test]
async fn a_dub_is_made_from_files_in_a_bucket_whose_copies_are_gone_at_the_end() {
    let s3 = S3::start().await;
    let (app, visitor) = start("", |config| {
        config.storage = StorageConfig::Bucket(s3.settings());
        config.staging = StagingWay::Bucket;
    })
    .await;
    made(&visitor).await;
    let [video, voice] = links(&app, 0);
    assert_eq!((end(&video), end(&voice)), ("mp4", "wav"), "{video} {voice}");
    assert!(video.contains("X-Amz-Signature="), "{video}");
    for link in [&video, &voice] {
        gone(&visitor, link).await;
    }
    assert!(s3.path("uploads/the-video").exists(), "the upload itself is its owner's");
}

#[tokio::test]
async fn dubs_of_links_are_not_held_up_by_files_that_cannot_be_staged() {
    let (app, visitor, _between) = start_between("", |between| between.answer_presigns_with(500)).await;
    visitor.until(DUB, |dub| dub.phase == Phase::Staging).await;
    let dub = visitor.rest(&visitor.ask(&app.wish("")).await.id.0).await;
    assert_eq!(dub.phase, Phase::Succeeded, "{:?}", dub.problem);
    let of_it: Value = Answer::to(visitor.request(Method::GET, &routes::dub(DUB))).await.json();
    assert_eq!(of_it["phase"], "staging");
}
