//! What a form may say, by the lines of the reliability page.

use contract::{Code, Dub, DubPage, FieldCode, Mode, routes};
use futures_util::FutureExt as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::helpers::{TestApp, Visitor};

fn good() -> Value {
    json!({ "video": { "url": "https://example.com/a.mp4" }, "audio": { "url": "https://example.com/a.mp3" } })
}

fn with(field: &str, value: Value) -> Value {
    let mut wish = good();
    wish[field] = value;
    wish
}

async fn stored(visitor: &Visitor) -> usize {
    visitor.get(routes::DUBS).await.json::<DubPage>().dubs.len()
}

#[tokio::test]
async fn no_audio_is_422_on_that_field_and_nothing_is_stored() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let answer = visitor.post(routes::DUBS, &json!({ "video": { "url": "https://example.com/a.mp4" } })).await;
    assert_eq!(answer.refused(), ["audio"]);
    assert_eq!(answer.problem().errors[0].code, FieldCode::Required);
    assert_eq!(stored(&visitor).await, 0);
}

#[tokio::test]
async fn every_fields_error_is_told_at_once() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let wish = json!({ "video": { "url": "ftp://example.com/a" }, "label": 7, "prompt": "a\u{0}b", "resolution": "1080p",
                       "mask_image": { "upload_id": "none" }, "seed": 1.5 });
    let refused = visitor.post(routes::DUBS, &wish).await.refused();
    assert_eq!(refused, ["video", "audio", "label", "prompt", "resolution", "mask_image", "seed"]);
}

/// That each of these values is 422 on its field, and nothing is stored.
async fn assert_refused(field: &str, values: impl IntoIterator<Item = Value>) {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for value in values {
        assert_eq!(visitor.post(routes::DUBS, &with(field, value.clone())).await.refused(), [field], "{value}");
    }
    assert_eq!(stored(&visitor).await, 0);
}

/// That this value is taken, at the edge of what is.
async fn assert_taken(field: &str, value: Value) {
    let app = TestApp::idle().await;
    app.visitor().await.ask(&with(field, value)).await;
}

#[tokio::test]
async fn resolution_1080p_is_422() {
    assert_refused("resolution", [json!("1080p"), json!("1080P"), json!(720)]).await;
}

#[tokio::test]
async fn seed_0_2147483648_1_5_or_x_is_422() {
    assert_refused("seed", [json!(0), json!(2_147_483_648_u64), json!(1.5), json!("x")]).await;
}

#[tokio::test]
async fn prompt_with_nul_is_422() {
    assert_refused("prompt", [json!("a\u{0}b"), json!("\u{0}")]).await;
}

#[tokio::test]
async fn prompt_over_5000_characters_is_422_and_one_of_5000_is_taken() {
    assert_refused("prompt", [json!("x".repeat(5_001)), json!("é".repeat(5_001))]).await;
    assert_taken("prompt", json!("é".repeat(5_000))).await;
}

#[tokio::test]
async fn label_over_80_characters_is_422_and_one_of_80_is_taken() {
    assert_refused("label", [json!("x".repeat(81))]).await;
    assert_taken("label", json!("é".repeat(80))).await;
}

#[tokio::test]
async fn seed_minus_one_is_random() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let mut seeds = Vec::new();
    for seed in [json!(-1), json!(null), json!(-1)] {
        seeds.push(visitor.ask(&with("seed", seed)).await.input.seed);
    }
    assert!(seeds.iter().all(|seed| contract::limits::SEED.contains(&i64::from(*seed))));
    assert!(seeds[0] != seeds[1] && seeds[1] != seeds[2]);
    assert_eq!(visitor.ask(&with("seed", json!(2_147_483_647))).await.input.seed, 2_147_483_647);
}

#[tokio::test]
async fn emoji_and_right_to_left_text_are_kept_byte_for_byte() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let prompt = "👩🏽‍🚀 مرحبا \u{202e}abc\u{202c} e\u{301} \r\n\t'\"\\";
    let dub = visitor.ask(&with("prompt", json!(prompt))).await;
    assert_eq!(visitor.dub(&dub.id.0).await.input.prompt.as_deref(), Some(prompt));
}

#[tokio::test]
async fn http_data_localhost_and_other_links_that_are_not_public_are_422_and_no_connection() {
    let app = TestApp::with(|config| config.provider.mode = Mode::Live).await;
    let visitor = app.visitor().await;
    let trap = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = trap.local_addr().unwrap().port();
    for link in [
        format!("http://127.0.0.1:{port}/a.mp4"),
        format!("https://127.0.0.1:{port}/a.mp4"),
        format!("https://localhost:{port}/a.mp4"),
        format!("https://[::ffff:7f00:1]:{port}/a.mp4"),
        format!("https://[::1]:{port}/a.mp4"),
        format!("https://0.0.0.0:{port}/a.mp4"),
        format!("https://2130706433:{port}/a.mp4"),
        format!("https://0177.1:{port}/a.mp4"),
        format!("https://user@127.0.0.1:{port}/a.mp4"),
        "https://user@example.com/a.mp4".into(),
        "http://example.com/a.mp4".into(),
        "data:video/mp4;base64,AAAA".into(),
        "https://169.254.169.254/latest/meta-data".into(),
        "not a link".into(),
    ] {
        for field in ["video", "audio", "mask_image"] {
            let answer = visitor.post(routes::DUBS, &with(field, json!({ "url": link }))).await;
            assert_eq!(answer.refused(), [field], "{link}");
        }
    }
    assert_eq!(stored(&visitor).await, 0);
    // Whoever had connected would stand in the queue by now: the answers came after.
    assert!(trap.accept().now_or_never().is_none(), "somebody connected");
}

#[tokio::test]
async fn model_webhook_url_or_any_unknown_field_is_400_and_never_forwarded() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    for (field, value, named) in [
        ("model", json!("another"), "model"),
        ("webhook_url", json!("https://evil.example/hook"), "webhook_url"),
        ("colour", json!(1), "colour"),
        ("audio", json!({ "url": "https://example.com/a.mp3", "headers": {} }), "audio.headers"),
    ] {
        let answer = visitor.post(routes::DUBS, &with(field, value)).await;
        assert_eq!((answer.status, answer.problem().code), (400, Code::UnknownField));
        assert!(answer.problem().detail.contains(named), "{}", answer.text());
    }
    assert_eq!(stored(&visitor).await, 0);
    assert_eq!(app.sim.create_requests_seen(), 0);
}

#[tokio::test]
async fn loopback_links_are_taken_in_the_sandbox() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let dub: Dub = visitor.ask(&with("video", json!({ "url": "http://127.0.0.1:1/a.mp4" }))).await;
    assert_eq!(serde_json::to_value(dub.input.video).unwrap(), json!({ "url": "http://127.0.0.1:1/a.mp4" }));
}
