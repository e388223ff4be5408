//! HTTP to the provider: one create, one read, one way to say what came back.
//!
//! A create is sent once. The client that sends it keeps no idle connections, follows no redirect and retries nothing, so
//! that [`CreateAnswer::NotSent`] is certain.

use std::{fmt, sync::Arc, time::Duration};

use contract::DubInput;
use futures_util::TryStreamExt;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use reqwest::{Response, redirect};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{
    CreateAnswer, ReadAnswer,
    wire::{Create, Created, Prediction, error_words},
};
use crate::{
    fail_points::{fail_point, once_connected},
    resolve::PublicResolver,
    store::{PredictionId, ShutReason},
};

/// The largest answer that is read, in bytes.
const ANSWER_MAX_BYTES: usize = 1024 * 1024;

/// How much of the provider's words is shown, in characters.
const WORDS_MAX_CHARS: usize = 500;

/// The header that carries the key (model card).
const KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// Where the provider is and how long to wait for it.
#[derive(Debug, Clone)]
pub struct ClientSettings {
    /// The base of the API, with its version: `https://api.eachlabs.ai/v1`.
    pub base_url: Url,
    /// The paid key.
    pub key: SecretString,
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// How long a request may take in all; files take longer.
    pub request_timeout: Duration,
    /// Whether files may also go to this machine, over plain HTTP too: the sandbox.
    pub allow_loopback: bool,
}

/// Where the provider may call when the dub is over, and what it says then.
#[derive(Clone)]
pub struct HookTarget {
    /// The address; whoever has it may call.
    pub url: Url,
    /// Comes with the call.
    pub secret: String,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// The base address cannot have a path.
    #[error("{0} cannot be the provider's base address")]
    BaseUrl(Url),
    /// The key has a character that a header cannot carry.
    #[error("the provider's key has a character that a header cannot carry")]
    Key,
    /// TLS could not be set up.
    #[error("the HTTP client could not be made")]
    Client(#[from] reqwest::Error),
}

/// A client of the provider's prediction API.
#[derive(Clone)]
pub struct Client {
    creating: reqwest::Client,
    pub(super) reading: reqwest::Client,
    /// Knows no key.
    pub(super) sending: reqwest::Client,
    pub(super) allow_loopback: bool,
    create_url: Url,
    base_url: Url,
    key: SecretString,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("create_url", &self.create_url.as_str()).finish_non_exhaustive()
    }
}

impl Client {
    /// A client with these settings; connects nowhere yet.
    ///
    /// # Errors
    /// [`ProviderError`] when the settings cannot be used.
    pub fn new(settings: ClientSettings) -> Result<Self, ProviderError> {
        let ClientSettings { base_url, key, connect_timeout, request_timeout, allow_loopback } = settings;
        let mut create_url = base_url.clone();
        create_url
            .path_segments_mut()
            .map_err(|()| ProviderError::BaseUrl(base_url.clone()))?
            .pop_if_empty()
            .extend(["prediction", ""]);
        let mut value = HeaderValue::from_str(key.expose_secret()).map_err(|_| ProviderError::Key)?;
        value.set_sensitive(true);
        let headers = HeaderMap::from_iter([(KEY_HEADER, value)]);
        let builder = || {
            reqwest::Client::builder()
                .redirect(redirect::Policy::none())
                .retry(reqwest::retry::never())
                .no_proxy()
                .connect_timeout(connect_timeout)
        };
        let knowing = || builder().default_headers(headers.clone()).timeout(request_timeout);
        let resolver = Arc::new(PublicResolver { allow_loopback });
        Ok(Self {
            creating: once_connected(knowing()).http1_only().pool_max_idle_per_host(0).build()?,
            reading: knowing().build()?,
            sending: builder().http1_only().dns_resolver(resolver).build()?,
            allow_loopback,
            create_url,
            base_url,
            key,
        })
    }

    /// Sends one create for `input`, once. A redirect to the same address but for its final slash is followed, as it says
    /// that nothing was done at the first.
    pub async fn create(&self, input: &DubInput, hook: Option<&HookTarget>) -> CreateAnswer {
        let Some(body) = Create::new(input, hook) else {
            return CreateAnswer::NotSent("an input is not yet where the provider can fetch it".into());
        };
        let mut answer = self.creating.post(self.create_url.clone()).json(&body).send().await;
        if let Ok(response) = &answer
            && let Some(target) = same_place(&self.create_url, response)
        {
            answer = self.creating.post(target).json(&body).send().await;
        }
        fail_point!(C5);
        match answer {
            Ok(response) => self.created(response).await,
            Err(error) if error.is_connect() || error.is_builder() => CreateAnswer::NotSent(causes(&error)),
            Err(error) => CreateAnswer::Unknown(causes(&error)),
        }
    }

    async fn created(&self, response: Response) -> CreateAnswer {
        let (status, retry_after) = (response.status(), retry_after(&response));
        if status == StatusCode::TOO_MANY_REQUESTS {
            return CreateAnswer::RateLimited { retry_after };
        }
        let body = match read_body(response).await {
            Ok(body) => body,
            Err(cause) if is_refusal(status) => return self.refusal(status, &[], Some(cause)),
            Err(cause) => return CreateAnswer::Unknown(cause),
        };
        if status.is_success() {
            match serde_json::from_slice::<Created>(&body).ok().and_then(Created::into_id) {
                Some(id) => CreateAnswer::Accepted(PredictionId(id)),
                None => CreateAnswer::Unknown(format!("{status} without the id of a prediction")),
            }
        } else if is_refusal(status) {
            self.refusal(status, &body, None)
        } else {
            CreateAnswer::Unknown(status.to_string())
        }
    }

    fn refusal(&self, status: StatusCode, body: &[u8], cause: Option<String>) -> CreateAnswer {
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => CreateAnswer::Shut(ShutReason::KeyRefused),
            StatusCode::PAYMENT_REQUIRED => CreateAnswer::Shut(ShutReason::BalanceTooLow),
            _ => {
                let words = error_words(body).or(cause).unwrap_or_else(|| status.to_string());
                CreateAnswer::Refused(self.without_key(&words))
            }
        }
    }

    /// Reads the prediction `id` once.
    pub async fn read(&self, id: &PredictionId) -> ReadAnswer {
        let response = match self.reading.get(self.url(&["prediction", &id.0])).send().await {
            Ok(response) => response,
            Err(error) => return ReadAnswer::Unreadable(causes(&error)),
        };
        let status = response.status();
        if status == StatusCode::NOT_FOUND {
            return ReadAnswer::Missing;
        }
        if !status.is_success() {
            return ReadAnswer::Unreadable(status.to_string());
        }
        match read_body(response).await.map(|body| serde_json::from_slice::<Prediction>(&body)) {
            Ok(Ok(prediction)) => match prediction.into_answer() {
                ReadAnswer::Failed { reason, metrics } => {
                    ReadAnswer::Failed { reason: reason.map(|words| self.without_key(&words)), metrics }
                }
                answer => answer,
            },
            Ok(Err(_)) => ReadAnswer::Unreadable("an answer that is no prediction".into()),
            Err(cause) => ReadAnswer::Unreadable(cause),
        }
    }

    /// The address of something of the API's.
    pub(super) fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base_url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }

    /// The start of `words`, without the key, should the provider echo it.
    pub(super) fn without_key(&self, words: &str) -> String {
        words.replace(self.key.expose_secret(), "[key]").chars().take(WORDS_MAX_CHARS).collect()
    }
}

/// Whether this status says for sure that nothing was created. Others of the 4xx may be some gateway's own.
fn is_refusal(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400..=405 | 413 | 415 | 422)
}

/// Where a 307 or 308 points to, if that is the same address but for the path's final slash.
fn same_place(from: &Url, response: &Response) -> Option<Url> {
    if !matches!(response.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT) {
        return None;
    }
    let target = from.join(response.headers().get(header::LOCATION)?.to_str().ok()?).ok()?;
    let is_same = target.origin() == from.origin()
        && target.path() != from.path()
        && target.path().trim_end_matches('/') == from.path().trim_end_matches('/')
        && target.query() == from.query();
    is_same.then_some(target)
}

pub(super) fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The whole body, unless it is larger than [`ANSWER_MAX_BYTES`] or breaks off.
pub(super) async fn read_body(response: Response) -> Result<Vec<u8>, String> {
    let mut stream = std::pin::pin!(response.bytes_stream());
    let mut body = Vec::new();
    while let Some(chunk) = stream.try_next().await.map_err(|error| causes(&error))? {
        if body.len() + chunk.len() > ANSWER_MAX_BYTES {
            return Err("an answer of more than 1 MiB".into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// An error and its causes, without the address, for a log line.
pub(super) fn causes(error: &reqwest::Error) -> String {
    let mut cause = std::error::Error::source(error);
    let mut text = match (error.is_timeout(), error.is_connect()) {
        (true, _) => "timed out".to_owned(),
        (_, true) => "no connection".to_owned(),
        _ => "the exchange broke off".to_owned(),
    };
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
