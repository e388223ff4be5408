//! One video, many voices: taken whole or not at all, and its files put at the provider once.

use std::collections::HashSet;

use contract::{Batch, Code, Dub, DubPage, FieldCode, Phase, routes};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    helpers::{Answer, TestApp, Visitor, eventually},
    tus::{VIDEO, VOICE, id},
};

/// A wish for as many dubs as there are labels.
fn wish(app: &TestApp, prompt: &str, labels: &[&str]) -> Value {
    let mut wish = app.wish(prompt);
    let audio = wish.as_object_mut().unwrap().remove("audio").unwrap();
    wish["tracks"] = labels.iter().map(|label| json!({ "audio": audio, "label": label })).collect();
    wish
}

async fn post(visitor: &Visitor, key: &str, wish: &Value) -> Answer {
    Answer::to(visitor.request(Method::POST, routes::BATCHES).header(routes::IDEMPOTENCY_KEY, key).json(wish)).await
}

async fn ask(visitor: &Visitor, wish: &Value) -> Batch {
    let answer = visitor.post(routes::BATCHES, wish).await;
    assert_eq!(answer.status, 202, "{}", answer.text());
    answer.json()
}

async fn all(visitor: &Visitor) -> Vec<Dub> {
    visitor.get(&format!("{}?limit=100", routes::DUBS)).await.json::<DubPage>().dubs
}

async fn refused(visitor: &Visitor, wish: &Value) -> Vec<(String, FieldCode)> {
    let answer = visitor.post(routes::BATCHES, wish).await;
    assert_eq!(answer.status, 422, "{}", answer.text());
    answer.problem().errors.into_iter().map(|error| (error.field, error.code)).collect()
}

#[tokio::test]
async fn a_batch_is_a_dub_for_each_track_in_their_order() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let batch = ask(&visitor, &wish(&app, "a smile", &["Español", "Deutsch", "日本語"])).await;
    let labels: Vec<_> = batch.dubs.iter().map(|dub| dub.label.as_deref().unwrap()).collect();
    assert_eq!(labels, ["Español", "Deutsch", "日本語"]);
    let seeds: HashSet<u32> = batch.dubs.iter().map(|dub| dub.input.seed).collect();
    assert_eq!(seeds.len(), 3, "each is recognised by its seed");
    for (dub, place) in batch.dubs.iter().zip(1..) {
        assert_eq!((dub.batch_id.as_ref(), dub.queue_position), (Some(&batch.id), Some(place)));
        assert_eq!(dub.input.prompt.as_deref(), Some("a smile"));
        assert_eq!(&visitor.dub(&dub.id.0).await, dub);
    }
    assert!(all(&visitor).await.iter().all(|dub| dub.batch_id.as_ref() == Some(&batch.id)));
    let single = visitor.ask(&app.wish("")).await;
    assert_eq!(single.batch_id, None);
    assert!(all(&app.visitor().await).await.is_empty(), "nobody else sees it");
}

#[tokio::test]
async fn a_hundred_tracks_fit_and_one_more_does_not() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let labels = vec!["x"; 101];
    assert_eq!(refused(&visitor, &wish(&app, "", &labels)).await, [("tracks".to_owned(), FieldCode::TooLong)]);
    assert_eq!(ask(&visitor, &wish(&app, "", &labels[..100])).await.dubs.len(), 100);
    assert_eq!(all(&visitor).await.len(), 100);
    assert_eq!(app.visitor().await.ask(&app.wish("")).await.queue_position, Some(2), "one behind a hundred");
}

#[tokio::test]
async fn one_bad_track_refuses_all_of_it_by_its_path() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let mut wish = wish(&app, "", &["a", "b", "c", "d"]);
    wish["seed"] = json!(0);
    wish["tracks"][1]["audio"] = json!({ "url": "http:" });
    wish["tracks"][2] = json!("Español");
    wish["tracks"][3] = json!({ "label": 7 });
    let paths = [
        ("seed", FieldCode::OutOfRange),
        ("tracks[2]", FieldCode::WrongType),
        ("tracks[1].audio", FieldCode::NotALink),
        ("tracks[3].audio", FieldCode::Required),
        ("tracks[3].label", FieldCode::WrongType),
    ];
    let mut told = refused(&visitor, &wish).await;
    let mut expected: Vec<_> = paths.into_iter().map(|(path, code)| (path.to_owned(), code)).collect();
    told.sort_by(|a, b| a.0.cmp(&b.0));
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(told, expected);
    assert!(all(&visitor).await.is_empty());
}

#[tokio::test]
async fn a_batch_without_voices_is_refused() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for (tracks, code) in [
        (json!(null), FieldCode::Required),
        (json!([]), FieldCode::Required),
        (json!({ "audio": "x" }), FieldCode::WrongType),
    ] {
        let mut wish = wish(&app, "", &["a"]);
        wish["tracks"] = tracks;
        wish["video"] = Value::Null;
        let expected = [("video".to_owned(), FieldCode::Required), ("tracks".to_owned(), code)];
        assert_eq!(refused(&visitor, &wish).await, expected);
    }
}

#[tokio::test]
async fn fields_that_do_not_exist_are_refused_where_they_stand() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for (at, name, told) in [
        ("", "audio", "`audio`"),
        ("", "label", "`label`"),
        ("", "webhook_url", "`webhook_url`"),
        ("/tracks/0", "seed", "`tracks[0].seed`"),
        ("/tracks/0", "video", "`tracks[0].video`"),
        ("/tracks/0/audio", "path", "`tracks[0].audio.path`"),
    ] {
        let mut wish = wish(&app, "", &["a"]);
        wish.pointer_mut(at).unwrap()[name] = json!("x");
        let answer = visitor.post(routes::BATCHES, &wish).await;
        assert_eq!((answer.status, answer.problem().code), (400, Code::UnknownField), "{name}");
        assert!(answer.problem().detail.contains(told), "{}", answer.text());
    }
    assert!(all(&visitor).await.is_empty());
}

#[tokio::test]
async fn a_batch_that_is_sent_twice_is_taken_once() {
    let app = TestApp::idle().await;
    let (visitor, wish) = (app.visitor().await, wish(&app, "", &["a", "b"]));
    let answers = join_all((0..20).map(|_| post(&visitor, "k", &wish))).await;
    let batches: Vec<Batch> = answers.iter().map(Answer::json).collect();
    let ids: HashSet<_> = batches.iter().map(|batch| (&batch.id, &batch.dubs[0].id, &batch.dubs[1].id)).collect();
    assert_eq!((ids.len(), all(&visitor).await.len()), (1, 2));
    let mut other = wish.clone();
    other["prompt"] = json!("other");
    let answer = post(&visitor, "k", &other).await;
    assert_eq!((answer.status, answer.problem().code), (422, Code::IdempotencyMismatch));
}

#[tokio::test]
async fn a_key_of_a_batch_is_none_for_a_dub_nor_the_other_way_round() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let dub = async |key| {
        let request = visitor.request(Method::POST, routes::DUBS).header(routes::IDEMPOTENCY_KEY, key);
        Answer::to(request.json(&app.wish(""))).await
    };
    assert_eq!(post(&visitor, "batch", &wish(&app, "", &["a"])).await.status, 202);
    assert_eq!(dub("batch").await.problem().code, Code::IdempotencyMismatch);
    assert_eq!(dub("dub").await.status, 202);
    let answer = post(&visitor, "dub", &wish(&app, "", &["a"])).await;
    assert_eq!(answer.problem().code, Code::IdempotencyMismatch);
    assert_eq!(all(&visitor).await.len(), 2);
}

#[tokio::test]
async fn an_upload_that_cannot_be_used_refuses_the_batch() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let voice = visitor.upload("audio", "a.mp3", VOICE).await;
    let mut wish = wish(&app, "", &["a", "b"]);
    wish["mask_image"] = json!({ "upload_id": id(&voice) });
    wish["tracks"][0]["audio"] = json!({ "upload_id": id(&voice) });
    wish["tracks"][1]["audio"] = json!({ "upload_id": "nobodys" });
    let expected = [("mask_image", FieldCode::WrongKind), ("tracks[1].audio", FieldCode::NoSuchUpload)];
    assert_eq!(refused(&visitor, &wish).await, expected.map(|(field, code)| (field.to_owned(), code)));
    assert!(all(&visitor).await.is_empty());
}

#[tokio::test]
async fn the_video_of_a_batch_is_put_at_the_provider_once_and_is_gone_at_the_end() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let video = visitor.upload("video", "a.mp4", VIDEO).await;
    let mut tracks = Vec::new();
    for label in ["a", "b", "c", "d", "e"] {
        let voice = visitor.upload("audio", &format!("{label}.mp3"), VOICE).await;
        tracks.push(json!({ "audio": { "upload_id": id(&voice) }, "label": label }));
    }
    let wish = json!({ "video": { "upload_id": id(&video) }, "resolution": "480p", "tracks": tracks });
    for dub in ask(&visitor, &wish).await.dubs {
        let dub = visitor.rest(&dub.id.0).await;
        assert_eq!(dub.phase, Phase::Succeeded, "{:?}", dub.problem);
    }
    let journal = app.sim.journal();
    let links = |field: &str| -> HashSet<String> {
        journal.iter().map(|order| order.input[field].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!((journal.len(), links("video").len(), links("audio").len()), (5, 1, 5));
    for link in links("video").union(&links("audio")) {
        eventually(async || (Answer::to(visitor.http.get(link)).await.status == 404).then_some(())).await;
    }
}
