//! A simulator on a free port with a folder of its own, and a client that knows its API by hand.

use std::time::Duration;

use provider_sim::{Options, Running, Simulator};
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Bounds every wait of a test.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Sandbox {
    pub(crate) sim: Running,
    pub(crate) http: Client,
    pub(crate) folder: TempDir,
}

impl Sandbox {
    /// Predictions take no longer than their rendering.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let sim = start(&folder, change).await;
        let http = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { sim, http: http.build().expect("a client"), folder }
    }

    /// Stops the simulator and starts another on the same folder.
    pub(crate) async fn restart(self, change: impl FnOnce(&mut Options)) -> Self {
        self.sim.shutdown().await;
        Self { sim: start(&self.folder, change).await, ..self }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sim.base_url())
    }

    /// A valid input: the sample presenter and a voice of half a second.
    pub(crate) async fn input(&self, prompt: &str) -> Value {
        let audio = self.upload("audio", "audio/wav", wav(0.5)).await;
        json!({ "video": self.sim.sample_url("presenter.mp4"), "audio": audio, "resolution": "480p", "prompt": prompt, "seed": 7 })
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> reqwest::Result<Response> {
        self.http.post(self.url(path)).header("X-API-Key", "test").json(body).send().await
    }

    pub(crate) async fn create(&self, input: &Value) -> Response {
        self.post("/v1/prediction/", &order(input)).await.expect("an answer to the create")
    }

    /// Creates and expects the card's acceptance.
    pub(crate) async fn accepted(&self, input: &Value) -> String {
        id_of(self.create(input).await).await
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.http.get(self.url(path)).header("X-API-Key", "test").send().await.expect("an answer")
    }

    pub(crate) async fn read(&self, id: &str) -> Value {
        self.get(&format!("/v1/prediction/{id}")).await.json().await.expect("JSON")
    }

    /// Polls until the prediction has ended, whatever its words for that.
    pub(crate) async fn ended(&self, id: &str) -> Value {
        until(|| async {
            let view = self.read(id).await;
            let word = view["status"].as_str().unwrap_or_default();
            ["success", "error", "failed", "cancelled", "canceled"].contains(&word).then_some(view)
        })
        .await
    }

    /// Renders and returns the result's file.
    pub(crate) async fn result(&self, input: &Value) -> (Value, Vec<u8>) {
        let view = self.ended(&self.accepted(input).await).await;
        let url = view["output"].as_str().unwrap_or_else(|| panic!("no result: {view}"));
        let file = self.http.get(url).send().await.expect("the result");
        assert_eq!(file.headers()["content-type"], "video/mp4");
        (view.clone(), file.bytes().await.expect("the whole result").to_vec())
    }

    /// Presigns and puts; returns the public URL.
    pub(crate) async fn upload(&self, file_type: &str, content_type: &str, bytes: Vec<u8>) -> String {
        let place = self.presign(file_type, content_type).await;
        let put = self.put(&place, bytes).await;
        assert_eq!(put.status(), StatusCode::OK);
        place["public_url"].as_str().expect("a public URL").to_owned()
    }

    pub(crate) async fn presign(&self, file_type: &str, content_type: &str) -> Value {
        let body = json!({ "content_type": content_type, "file_type": file_type });
        self.post("/v1/upload/presign", &body).await.expect("an answer").json().await.expect("JSON")
    }

    pub(crate) async fn put(&self, place: &Value, bytes: Vec<u8>) -> Response {
        let mut request = self.http.put(place["presigned_url"].as_str().expect("a presigned URL")).body(bytes);
        for (name, value) in place["required_headers"].as_object().expect("headers") {
            request = request.header(name, value.as_str().expect("text"));
        }
        request.send().await.expect("an answer")
    }
}

async fn start(folder: &TempDir, change: impl FnOnce(&mut Options)) -> Running {
    let mut options = Options { data_dir: folder.path().to_owned(), predict: Duration::ZERO, ..Options::default() };
    change(&mut options);
    Simulator::start(options).await.expect("a simulator")
}

pub(crate) fn order(input: &Value) -> Value {
    json!({ "model": "infinitalk-video-to-video", "input": input })
}

pub(crate) async fn id_of(response: Response) -> String {
    assert_eq!(response.status(), StatusCode::OK);
    let body: Value = response.json().await.expect("JSON");
    assert_eq!(body["status"], "success", "{body}");
    body["predictionID"].as_str().expect("an id").to_owned()
}

/// Asks again until there is an answer; panics when there is none in time.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(mut ask: impl FnMut() -> F) -> T {
    let asking = async {
        let mut pace = tokio::time::interval(Duration::from_millis(20));
        loop {
            pace.tick().await;
            if let Some(answer) = ask().await {
                return answer;
            }
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.expect("the condition within the bound")
}

/// A tone as a WAV file: mono, 16 bits, 8 kHz.
pub(crate) fn wav(seconds: f32) -> Vec<u8> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small")]
    let samples = (0..(seconds * 8000.0) as u32).map(|n| ((n as f32 * 0.4).sin() * 9000.0) as i16);
    let sound: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
    let length = u32::try_from(sound.len()).expect("a short tone");
    let mut file = Vec::with_capacity(sound.len() + 44);
    for part in [b"RIFF", &(length + 36).to_le_bytes(), b"WAVE", b"fmt ", &16_u32.to_le_bytes()] {
        file.extend_from_slice(part);
    }
    for part in [&[1, 0, 1, 0][..], &8000_u32.to_le_bytes(), &16000_u32.to_le_bytes(), &[2, 0, 16, 0], b"data"] {
        file.extend_from_slice(part);
    }
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(&sound);
    file
}
