//! Presigned uploads and their limits.

use reqwest::{Body, StatusCode};
use serde_json::{Value, json};

use crate::helpers::Sandbox;

#[tokio::test]
async fn bytes_put_as_presigned_are_public_under_the_true_extension() {
    let sandbox = Sandbox::start().await;
    for (file_type, content_type, extension) in [
        ("video", "video/mp4", ".mp4"),
        ("video", "video/quicktime", ".mov"),
        ("audio", "audio/wav", ".wav"),
        ("image", "image/png", ".png"),
    ] {
        let url = sandbox.upload(file_type, content_type, b"bytes".to_vec()).await;
        assert!(url.ends_with(extension), "{url}");
        let file = sandbox.http.get(url).send().await.expect("an answer");
        assert_eq!(file.headers()["content-type"], content_type);
        assert_eq!(file.headers()["content-length"], "5");
        assert_eq!(file.bytes().await.expect("bytes"), "bytes");
    }
    assert_eq!(sandbox.sim.stats().keys_sent_to_storage, 0);
}

#[tokio::test]
async fn a_put_that_differs_from_the_presigned_one_is_refused() {
    let sandbox = Sandbox::start().await;
    let place = sandbox.presign("video", "video/mp4").await;
    let changed = |key: &str, value: Value| {
        let mut place = place.clone();
        place["required_headers"][key] = value;
        place
    };
    let without = {
        let mut place = place.clone();
        place["required_headers"].as_object_mut().expect("headers").retain(|name, _| name == "Content-Type");
        place
    };
    let mut unsigned = place.clone();
    let url = place["presigned_url"].as_str().expect("text");
    unsigned["presigned_url"] = json!(url.split('?').next());
    for place in [changed("Content-Type", json!("video/webm")), without, unsigned] {
        assert_eq!(sandbox.put(&place, b"bytes".to_vec()).await.status(), StatusCode::FORBIDDEN, "{place}");
    }
    let public = place["public_url"].as_str().expect("text");
    let nothing = sandbox.http.get(public).send().await.expect("an answer");
    assert_eq!(nothing.status(), StatusCode::NOT_FOUND, "nothing was stored");
}

#[tokio::test]
async fn a_put_needs_a_length_of_at_most_100_megabytes() {
    let sandbox = Sandbox::start().await;
    let place = sandbox.presign("video", "video/mp4").await;
    let request = |length: Option<u64>| {
        let mut request = sandbox.http.put(place["presigned_url"].as_str().expect("text"));
        for (name, value) in place["required_headers"].as_object().expect("headers") {
            request = request.header(name, value.as_str().expect("text"));
        }
        request =
            length.map_or(request.try_clone().expect("no body"), |length| request.header("Content-Length", length));
        // Nothing of the body is sent before the head has been judged.
        request.body(Body::wrap_stream(futures_util::stream::pending::<std::io::Result<Vec<u8>>>()))
    };
    let large = request(Some(100 * 1024 * 1024 + 1)).send().await.expect("an answer");
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(request(None).send().await.expect("an answer").status(), StatusCode::LENGTH_REQUIRED);
}

#[tokio::test]
async fn a_presign_that_makes_no_sense_is_refused() {
    let sandbox = Sandbox::start().await;
    for body in [
        json!({ "content_type": "video/mp4" }),
        json!({ "content_type": "video/mp4", "file_type": "film" }),
        json!({ "content_type": "video/mp4", "file_type": "audio" }),
        json!({ "content_type": "video/mp4", "file_type": "video", "expires_in_seconds": 59 }),
        json!({ "content_type": "video/mp4", "file_type": "video", "expires_in_seconds": 31_536_001 }),
    ] {
        let answer = sandbox.post("/v1/upload/presign", &body).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{body}");
    }
}

#[tokio::test]
async fn a_file_can_be_deleted_twice_but_not_while_it_is_processed() {
    let sandbox = Sandbox::start().await;
    let input = sandbox.input("sim:slow=600").await;
    let id = sandbox.accepted(&input).await;
    let audio = input["audio"].as_str().expect("a URL");
    let name = audio.rsplit('/').next().and_then(|name| name.split('.').next()).expect("an id");
    let delete = async || {
        let request = sandbox.http.delete(sandbox.url(&format!("/v1/files/{name}"))).header("X-API-Key", "test");
        request.send().await.expect("an answer").status()
    };
    assert_eq!(delete().await, StatusCode::CONFLICT);
    sandbox.post(&format!("/v1/prediction/{id}/cancel"), &json!({})).await.expect("an answer");
    assert_eq!(delete().await, StatusCode::NO_CONTENT);
    assert_eq!(delete().await, StatusCode::NO_CONTENT);
    assert_eq!(sandbox.http.get(audio).send().await.expect("an answer").status(), StatusCode::NOT_FOUND);
}
