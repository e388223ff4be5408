//! A visitor of the server, who keeps their cookie and the keys of their requests through every crash.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context as _, bail};
use contract::{
    Dub, DubPage, routes,
    upload::{OFFSET_OCTET_STREAM, TUS_VERSION},
};
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::Value;
use tokio::time::sleep;

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often something is asked for that no answer comes to.
const TRIES: u32 = 10;
/// How long to wait before it is asked for again.
const PAUSE: Duration = Duration::from_secs(1);

/// Someone with a cookie.
#[derive(Debug, Clone)]
pub struct Visitor {
    http: Client,
    cookie: String,
}

impl Visitor {
    /// Someone new.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn new(server: SocketAddr) -> anyhow::Result<Self> {
        // A new connection for each request: the server may be another one meanwhile.
        let http = Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(PATIENCE).build()?;
        let nobody = Self { http, cookie: String::new() };
        let answer = nobody.get(server, routes::CONFIG).await?;
        let cookie = answer.headers().get("set-cookie").context("no cookie")?.to_str()?;
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(Self { cookie, ..nobody })
    }

    fn request(&self, server: SocketAddr, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("http://{server}{path}"));
        request.header("sec-fetch-site", "same-origin").header("cookie", &self.cookie)
    }

    /// Asks for a dub under `key`; `None` when no answer came.
    ///
    /// # Errors
    /// When the answer is no 202.
    pub async fn ask(&self, server: SocketAddr, wish: &Value, key: &str) -> anyhow::Result<Option<Dub>> {
        let request = self.request(server, Method::POST, routes::DUBS).header(routes::IDEMPOTENCY_KEY, key);
        let Ok(answer) = request.json(wish).send().await else { return Ok(None) };
        let status = answer.status();
        let Ok(body) = answer.text().await else { return Ok(None) };
        if status.as_u16() != 202 {
            bail!("a dub was answered {status}: {body}");
        }
        Ok(Some(serde_json::from_str(&body)?))
    }

    /// Asks for a dub under `key` of a server that lives.
    ///
    /// # Errors
    /// When the answer is no 202, or none comes.
    pub async fn ask_until_answered(&self, server: SocketAddr, wish: &Value, key: &str) -> anyhow::Result<Dub> {
        for _ in 0..TRIES {
            if let Some(dub) = self.ask(server, wish, key).await? {
                return Ok(dub);
            }
            sleep(PAUSE).await;
        }
        bail!("{key} is not answered")
    }

    /// All of their dubs.
    ///
    /// # Errors
    /// When the server does not answer with them.
    pub async fn dubs(&self, server: SocketAddr) -> anyhow::Result<Vec<Dub>> {
        let path = format!("{}?limit=100", routes::DUBS);
        Ok(self.get(server, &path).await?.json::<DubPage>().await?.dubs)
    }

    /// Brings a whole file, and gives the upload's id.
    ///
    /// # Errors
    /// When it is not taken.
    pub async fn upload(&self, server: SocketAddr, bytes: Vec<u8>) -> anyhow::Result<String> {
        let tus = |method, path: &str| self.request(server, method, path).header("tus-resumable", TUS_VERSION);
        let begin = tus(Method::POST, routes::UPLOADS).header("upload-length", bytes.len());
        let created = begin.send().await?.error_for_status()?;
        let path = created.headers().get("location").context("no location")?.to_str()?.to_owned();
        let rest = tus(Method::PATCH, &path).header("upload-offset", 0).header("content-type", OFFSET_OCTET_STREAM);
        rest.body(bytes).send().await?.error_for_status()?;
        Ok(path.rsplit('/').next().unwrap_or_default().to_owned())
    }

    /// The status of what `method` on `path` is answered with; `None` when no answer came.
    pub async fn status(&self, server: SocketAddr, method: Method, path: &str) -> Option<u16> {
        Some(self.request(server, method, path).send().await.ok()?.status().as_u16())
    }

    /// How long a file is that the server serves.
    ///
    /// # Errors
    /// When it does not.
    pub async fn length(&self, server: SocketAddr, path: &str) -> anyhow::Result<u64> {
        Ok(self.get(server, path).await?.bytes().await?.len() as u64)
    }

    /// On a very busy machine a request may come so slowly that the server hangs up: then it is asked again.
    async fn get(&self, server: SocketAddr, path: &str) -> reqwest::Result<Response> {
        let mut left = TRIES;
        loop {
            left -= 1;
            match self.request(server, Method::GET, path).send().await {
                Err(error) if left > 0 && !error.is_connect() => sleep(PAUSE).await,
                answer => return answer?.error_for_status(),
            }
        }
    }
}
