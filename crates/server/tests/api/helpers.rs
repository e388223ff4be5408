//! A server on a free port with a simulator, a folder of its own, and visitors who hold their cookies by hand.

mod visitor;

use std::{
    future::Future,
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use contract::{Mode, routes};
use provider_sim::{Options, Running, Simulator};
use redub_server::{
    config::{Config, LogConfig, LogFormat, ProviderConfig, ResultsConfig, SiteConfig, StorageConfig},
    dispatch::{Settings, StagingWay},
    run::{RunError, run},
    serve, uploads,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::{CancellationToken, DropGuard};
pub(crate) use torture::voice::tone;
pub(crate) use visitor::{Answer, Visitor};

/// Bounds every wait of a test; rendering is slow on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

pub(crate) const KEY: &str = "key-5ca1ab1e-and-nowhere-else";

pub(crate) struct TestApp {
    pub(crate) base: String,
    pub(crate) sim: Running,
    pub(crate) folder: TempDir,
    pub(crate) config: Config,
    media_base: String,
    server: JoinHandle<Result<(), RunError>>,
    shutdown: CancellationToken,
    _on_drop: DropGuard,
}

impl TestApp {
    /// Dubs are made as fast as they can be rendered.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Dubs stay in the queue: nothing is sent.
    pub(crate) async fn idle() -> Self {
        Self::with(|config| config.dispatch.limits.running = 0).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::seeded(change, async |_| {}).await
    }

    /// As [`with`](Self::with), after `seed` has done something to the data folder.
    pub(crate) async fn seeded(change: impl FnOnce(&mut Config), seed: impl AsyncFnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sim = simulator(&folder).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut config = config(&folder, &sim, &listener);
        change(&mut config);
        seed(&mut config).await;
        let (base, shutdown) = (format!("http://{}", listener.local_addr().unwrap()), CancellationToken::new());
        let server = tokio::spawn(run(config.clone(), listener, shutdown.clone()));
        let media_base = serve_voice(shutdown.clone()).await;
        let on_drop = shutdown.clone().drop_guard();
        Self { base, sim, folder, config, media_base, server, shutdown, _on_drop: on_drop }
    }

    /// Someone who has just come, without a cookie.
    pub(crate) fn stranger(&self) -> Visitor {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Visitor { http, base: self.base.clone(), cookie: None }
    }

    /// Someone who has been given their cookie.
    pub(crate) async fn visitor(&self) -> Visitor {
        let mut visitor = self.stranger();
        let answer = visitor.get(routes::CONFIG).await;
        let cookie = answer.headers["set-cookie"].to_str().unwrap();
        visitor.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        visitor
    }

    /// A request for a dub that the simulator makes quickly: half a second of voice.
    pub(crate) fn wish(&self, prompt: &str) -> Value {
        json!({ "video": { "url": self.sim.sample_url("presenter.mp4") },
                "audio": { "url": format!("{}/voice.wav", self.media_base) },
                "resolution": "480p", "prompt": prompt })
    }

    /// Stops the server and starts it again on the same folder, under another address.
    pub(crate) async fn restart(self) -> Self {
        self.restart_after(async |_| {}).await
    }

    /// As [`restart`](Self::restart), after `meanwhile` has done something to the data folder.
    pub(crate) async fn restart_after(self, meanwhile: impl AsyncFnOnce(&Config)) -> Self {
        self.shutdown.cancel();
        self.server.await.unwrap().unwrap();
        meanwhile(&self.config).await;
        let (listener, shutdown) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), CancellationToken::new());
        let base = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(run(self.config.clone(), listener, shutdown.clone()));
        let media_base = serve_voice(shutdown.clone()).await;
        let on_drop = shutdown.clone().drop_guard();
        let Self { sim, folder, config, .. } = self;
        Self { base, sim, folder, config, media_base, server, shutdown, _on_drop: on_drop }
    }

    /// Stops the server, waits for its end, and leaves its folder and its simulator.
    pub(crate) async fn stop(self) -> (TempDir, Running) {
        self.shutdown.cancel();
        self.server.await.unwrap().unwrap();
        (self.folder, self.sim)
    }
}

async fn simulator(folder: &TempDir) -> Running {
    let options = Options {
        data_dir: folder.path().join("sim"),
        predict: Duration::ZERO,
        allow_local_media: true,
        key: Some(KEY.into()),
        ..Options::default()
    };
    Simulator::start(options).await.unwrap()
}

fn config(folder: &TempDir, sim: &Running, listener: &TcpListener) -> Config {
    let short = Duration::from_millis(50);
    let longer = Duration::from_millis(200);
    Config {
        listen: listener.local_addr().unwrap(),
        connections: serve::Limits { at_once: 256, ..serve::Limits::default() },
        data: folder.path().join("data"),
        storage: StorageConfig::Folder,
        staging: StagingWay::Provider,
        provider: ProviderConfig { mode: Mode::Sandbox, base_url: sim.v1_url().parse().unwrap(), key: KEY.into() },
        results: ResultsConfig {
            hosts: vec!["eachlabs.ai".into()],
            max_bytes: 64 << 20,
            keep: Duration::from_hours(24),
        },
        uploads: uploads::Settings::default(),
        site: SiteConfig {
            brand: "Redub".into(),
            public_url: None,
            sample_url: Some(sim.sample_url("").parse().unwrap()),
            estimate_s: 300,
            price_per_second_usd: None,
        },
        log: LogConfig { format: LogFormat::Text, filter: "info".into() },
        dispatch: Settings {
            poll_first: short,
            poll_max: longer,
            missing_max: Duration::from_secs(5),
            unsent_first: short,
            unsent_max: longer,
            rate_limited: short,
            rate_limited_max: longer,
            shut: longer,
            save_first: short,
            save_max: longer,
            stage_first: short,
            stage_max: longer,
            unstage_first: short,
            unstage_max: longer,
            cancel_first: short,
            cancel_max: longer,
            seek_first: short,
            seek_max: longer,
            ..Settings::default()
        },
    }
}

/// Serves a tone of half a second, as a visitor's own host would.
async fn serve_voice(shutdown: CancellationToken) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/voice.wav", get(|| async { ([("content-type", "audio/wav")], tone()) }));
    tokio::spawn(axum::serve(listener, router).with_graceful_shutdown(shutdown.cancelled_owned()).into_future());
    base
}

/// Looks again and again until there is something, for as long as patience lasts.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(mut look: impl FnMut() -> F) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(started.elapsed() < PATIENCE, "it did not happen within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}
