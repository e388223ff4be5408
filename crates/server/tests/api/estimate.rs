//! How long a dub will take, as its owner is told.

use std::time::Duration;

use contract::{Metrics, Phase};
use redub_server::{
    clock::Moment,
    config::Config,
    store::{Claim, CreateEnd, Owner, PredictionId, ProviderLimits, SaveEnd, Seen, SqliteStore, Store as _},
};
use serde_json::json;

use crate::{
    helpers::{TestApp, tone},
    stored,
    tus::{VIDEO, id},
};

/// Three dubs of two seconds that took twenty seconds each.
async fn history(config: &Config) {
    std::fs::create_dir_all(&config.data).unwrap();
    let store = SqliteStore::open(&config.data.join("redub.sqlite")).await.unwrap();
    let (begin, end) = (Moment(1_700_000_000_000), Moment(1_700_000_000_000) + Duration::from_secs(20));
    for number in 0..3 {
        store.insert_dub(stored::dub(&number.to_string(), Owner("another".into())), begin).await.unwrap();
        let claim = store.claim(ProviderLimits { running: 9, creates: 9 }, begin).await.unwrap();
        let Claim::Send(intent) = claim else { panic!("{claim:?}") };
        let taken = CreateEnd::Accepted { prediction: PredictionId(number.to_string()), poll_at: begin };
        store.end_create(intent.create, taken, begin).await.unwrap();
        let made = Seen::Done { result_url: "https://example.com/r.mp4".into(), metrics: Metrics::default() };
        store.book_seen(&intent.dub, made, end).await.unwrap();
        store.book_save(&intent.dub, SaveEnd::Saved(stored::result(2_000), end), end).await.unwrap();
    }
}

#[tokio::test]
async fn the_estimate_is_our_own_history_by_resolution_and_second_of_the_voice() {
    let app = TestApp::seeded(|config| config.dispatch.limits.running = 0, async |config| history(config).await).await;
    let visitor = app.visitor().await;
    // Half a second.
    let (video, voice) =
        (visitor.upload("video", "v.mp4", VIDEO).await, visitor.upload("audio", "a.wav", &tone()).await);
    let file = |resolution| json!({ "video": { "upload_id": id(&video) }, "audio": { "upload_id": id(&voice) }, "resolution": resolution });
    let told = async |wish| {
        let dub = visitor.dub(&visitor.ask(&wish).await.id.0).await;
        assert_eq!((dub.phase.is_moving(), dub.queue_position.is_some()), (true, dub.phase == Phase::Queued));
        dub.estimate_s
    };
    assert_eq!(told(file("480p")).await, Some(5), "ten seconds for each of the voice");
    assert_eq!(told(app.wish("")).await, Some(20), "nobody knows how long the voice of a link is");
    assert_eq!(told(file("720p")).await, Some(300), "there is no history of it");
}
