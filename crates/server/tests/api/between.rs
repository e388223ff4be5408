//! Stands between a server and the simulator's API, and fails as it is told to.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering::Relaxed},
    },
};

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use redub_server::config::Config;
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt as _, net::TcpListener};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::helpers::TestApp;

/// How much is read of a body that is cut.
const CUT_AFTER: usize = 2_000;

#[derive(Clone)]
pub(crate) struct Between(Arc<Inner>);

struct Inner {
    url: String,
    cut_url: String,
    sim: String,
    http: reqwest::Client,
    /// The answer to every presign; none of its own where it is 0.
    presign_status: AtomicU16,
    puts_to_cut: AtomicUsize,
    /// What was read of them.
    cut: Mutex<Vec<u8>>,
    /// The answer to every removal; none of its own where it is 0.
    delete_status: AtomicU16,
    deletes: AtomicUsize,
    /// What requests whose path ends so are answered with.
    told: Mutex<HashMap<&'static str, u16>>,
    paths: Mutex<Vec<String>>,
    /// Whether a read of a prediction has what the card says, and no more.
    as_card: AtomicBool,
    _on_drop: DropGuard,
}

impl TestApp {
    /// As [`with`](Self::with), with a [`Between`] between server and simulator that fails as it is told to.
    pub(crate) async fn between(change: impl FnOnce(&mut Config)) -> (Self, Between) {
        let mut between = None;
        let app = Self::seeded(change, async |config| {
            let sim = config.provider.base_url.join("/").unwrap();
            let started = Between::start(sim.as_str().trim_end_matches('/').to_owned()).await;
            config.provider.base_url = started.v1_url().parse().unwrap();
            between = Some(started);
        });
        let app = app.await;
        (app, between.unwrap())
    }
}

impl Between {
    /// Passes everything on to the simulator at `sim`, its base without `/v1`.
    pub(crate) async fn start(sim: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let cutting = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shutdown = CancellationToken::new();
        let between = Self(Arc::new(Inner {
            url: format!("http://{}", listener.local_addr().unwrap()),
            cut_url: format!("http://{}/cut.mp4", cutting.local_addr().unwrap()),
            sim,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            presign_status: AtomicU16::new(0),
            puts_to_cut: AtomicUsize::new(0),
            cut: Mutex::default(),
            delete_status: AtomicU16::new(0),
            deletes: AtomicUsize::new(0),
            told: Mutex::default(),
            paths: Mutex::default(),
            as_card: AtomicBool::new(false),
            _on_drop: shutdown.clone().drop_guard(),
        }));
        let router = Router::new().fallback(pass).with_state(Arc::downgrade(&between.0));
        tokio::spawn(
            axum::serve(listener, router).with_graceful_shutdown(shutdown.clone().cancelled_owned()).into_future(),
        );
        let inner = Arc::downgrade(&between.0);
        tokio::spawn(shutdown.run_until_cancelled_owned(async move {
            loop {
                let (mut stream, _) = cutting.accept().await.unwrap();
                let mut read = vec![0; CUT_AFTER];
                let _ = stream.read_exact(&mut read).await;
                if let Some(inner) = inner.upgrade() {
                    inner.cut.lock().unwrap().extend(read);
                }
            }
        }));
        between
    }

    pub(crate) fn v1_url(&self) -> String {
        format!("{}/v1", self.0.url)
    }

    pub(crate) fn answer_presigns_with(&self, status: u16) {
        self.0.presign_status.store(status, Relaxed);
    }

    pub(crate) fn answer_deletes_with(&self, status: u16) {
        self.0.delete_status.store(status, Relaxed);
    }

    /// Answers requests whose path ends with `end` with `status`; passes them on where that is 0.
    pub(crate) fn answer_with(&self, end: &'static str, status: u16) {
        self.0.told.lock().unwrap().insert(end, status);
    }

    /// Has a read of a prediction answered in the card's form from now on: what it is made from is not told.
    pub(crate) fn read_as_card(&self) {
        self.0.as_card.store(true, Relaxed);
    }

    /// How many requests came whose path ends with `end`.
    pub(crate) fn asked(&self, end: &str) -> usize {
        self.0.paths.lock().unwrap().iter().filter(|path| path.ends_with(end)).count()
    }

    pub(crate) fn cut_puts(&self, times: usize) {
        self.0.puts_to_cut.store(times, Relaxed);
    }

    /// Everything that was read of bodies that were cut, their heads too.
    pub(crate) fn cut(&self) -> String {
        String::from_utf8_lossy(&self.0.cut.lock().unwrap()).to_lowercase()
    }

    /// How many removals were asked for.
    pub(crate) fn deletes(&self) -> usize {
        self.0.deletes.load(Relaxed)
    }
}

impl Inner {
    /// Remembers a path; gives what requests of it are to be answered with.
    fn told(&self, path: &str) -> u16 {
        self.paths.lock().unwrap().push(path.to_owned());
        let told = self.told.lock().unwrap();
        told.iter().find(|(end, _)| path.ends_with(*end)).map_or(0, |(_, status)| *status)
    }
}

async fn pass(State(inner): State<std::sync::Weak<Inner>>, request: Request) -> Response {
    let Some(inner) = inner.upgrade() else { return StatusCode::BAD_GATEWAY.into_response() };
    let is_presign = request.uri().path() == "/v1/upload/presign";
    let is_delete = request.method() == Method::DELETE;
    inner.deletes.fetch_add(usize::from(is_delete), Relaxed);
    let told = inner.told(request.uri().path());
    let own = match (is_presign, is_delete) {
        (true, _) => inner.presign_status.load(Relaxed),
        (_, true) => inner.delete_status.load(Relaxed),
        _ => told,
    };
    if let (1.., Ok(status)) = (own, StatusCode::from_u16(own)) {
        return (status, axum::Json(json!({ "status": "error", "message": "told to" }))).into_response();
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let is_read = parts.method == Method::GET && parts.uri.path().starts_with("/v1/prediction/");
    let url = format!("{}{}", inner.sim, parts.uri);
    let mut headers = parts.headers;
    headers.remove(header::HOST);
    let answer = inner.http.request(parts.method, url).headers(headers).body(body).send().await.unwrap();
    let status = answer.status();
    let mut body: Bytes = answer.bytes().await.unwrap();
    let cuts = inner.puts_to_cut.load(Relaxed);
    if is_presign && cuts > 0 {
        inner.puts_to_cut.store(cuts - 1, Relaxed);
        let mut place: Value = serde_json::from_slice(&body).unwrap();
        place["presigned_url"] = inner.cut_url.clone().into();
        body = place.to_string().into();
    }
    if is_read && inner.as_card.load(Relaxed) {
        let mut read: serde_json::Map<_, _> = serde_json::from_slice(&body).unwrap();
        read.retain(|name, _| ["status", "predictionID", "output", "metrics", "message", "details"].contains(&&**name));
        body = serde_json::to_vec(&read).unwrap().into();
    }
    (status, body).into_response()
}
