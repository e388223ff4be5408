//! Fetching a result: from the provider's hosts only, never from a private address, whole or not at all.

use std::{io, path::Path, sync::Arc, time::Duration};

use contract::media_url::is_loopback_host;
use futures_util::TryStreamExt;
use reqwest::redirect;
use sha2::{Digest, Sha256};
use tokio::{fs::File, io::AsyncWriteExt};
use url::Url;

use super::MediaError;
use crate::{
    fail_points::fail_point,
    ids::hex,
    resolve::{PublicResolver, outward},
    storage::StorageError,
};

/// How long a connection to a result's host may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a result may pause while it arrives.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a result may take in all.
const WHOLE_TIMEOUT: Duration = Duration::from_hours(1);

/// From where results are taken, and how much.
#[derive(Debug, Clone)]
pub struct FetchRules {
    /// Host names; one that begins with `*.` stands for every name below it.
    pub hosts: Vec<String>,
    /// Whether this machine is also taken, over plain HTTP too: the sandbox.
    pub allow_loopback: bool,
    /// The largest result, in bytes.
    pub max_bytes: u64,
}

/// Why a result is not in our storage.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The link is not on one of the provider's hosts, and this is its host; nothing was connected.
    #[error("results are not fetched from {0:?}: REDUB_RESULT_HOSTS does not allow it")]
    Forbidden(String),
    /// It is larger than allowed.
    #[error("it is too large")]
    TooLarge,
    /// It is no MP4 video.
    #[error("it is no video that can be played")]
    NotAVideo,
    /// The host answered with this status.
    #[error("the host answered {0}")]
    Status(http::StatusCode),
    /// The transfer failed or broke off.
    #[error("the transfer failed")]
    Transfer(#[source] reqwest::Error),
    /// It could not be written.
    #[error("it could not be written")]
    Disk(#[from] io::Error),
    /// It could not be put into the storage.
    #[error("it could not be stored")]
    Storage(#[from] StorageError),
}

impl From<reqwest::Error> for FetchError {
    /// Without the link, which may carry a signature.
    fn from(error: reqwest::Error) -> Self {
        Self::Transfer(error.without_url())
    }
}

impl FetchError {
    /// Whether another try can end differently.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Status(_) | Self::Transfer(_) | Self::Disk(_) | Self::Storage(_))
    }

    /// Whether it is our own storage that is at fault.
    pub fn is_ours(&self) -> bool {
        matches!(self, Self::Disk(_) | Self::Storage(_))
    }
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fetched {
    pub(super) size_bytes: u64,
    pub(super) sha256: String,
}

/// A client for results.
#[derive(Debug, Clone)]
pub struct Fetcher {
    client: reqwest::Client,
    rules: Arc<FetchRules>,
}

impl Fetcher {
    /// A fetcher that keeps to `rules`; connects nowhere yet.
    ///
    /// # Errors
    /// [`MediaError::Client`] when TLS cannot be set up.
    pub fn new(rules: FetchRules) -> Result<Self, MediaError> {
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .timeout(WHOLE_TIMEOUT)
            .dns_resolver(Arc::new(PublicResolver { allow_loopback: rules.allow_loopback }))
            .build()?;
        Ok(Self { client, rules: Arc::new(rules) })
    }

    /// Streams `url` into a new file at `path` and makes it durable.
    pub(super) async fn fetch(&self, url: &str, path: &Path) -> Result<Fetched, FetchError> {
        let url = self.rules.allowed(url).ok_or_else(|| FetchError::Forbidden(host_of(url)))?;
        let response = self.client.get(url).send().await?;
        if !response.status().is_success() {
            return Err(FetchError::Status(response.status()));
        }
        if response.content_length().is_some_and(|declared| declared > self.rules.max_bytes) {
            return Err(FetchError::TooLarge);
        }
        let mut file = File::create(path).await?;
        let (mut size_bytes, mut hash) = (0_u64, Sha256::new());
        let mut stream = std::pin::pin!(response.bytes_stream());
        while let Some(chunk) = stream.try_next().await? {
            size_bytes = size_bytes.saturating_add(chunk.len() as u64);
            if size_bytes > self.rules.max_bytes {
                return Err(FetchError::TooLarge);
            }
            hash.update(&chunk);
            file.write_all(&chunk).await?;
            fail_point!(C11);
        }
        file.flush().await?;
        file.sync_all().await?;
        Ok(Fetched { size_bytes, sha256: hex(&hash.finalize()) })
    }
}

impl FetchRules {
    /// The link `text`, if results are taken from it. A name's addresses are looked at when it is resolved.
    fn allowed(&self, text: &str) -> Option<Url> {
        let url = outward(text, self.allow_loopback)?;
        let host = url.host_str()?;
        let is_here = self.allow_loopback && is_loopback_host(host);
        (is_here || self.hosts.iter().any(|pattern| matches_host(pattern, host))).then_some(url)
    }
}

fn host_of(text: &str) -> String {
    Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
}

fn matches_host(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(zone) => host.strip_suffix(zone).is_some_and(|rest| rest.len() > 1 && rest.ends_with('.')),
        None => pattern == host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(allow_loopback: bool) -> FetchRules {
        FetchRules { hosts: vec!["cdn.example.com".into(), "*.eachlabs.ai".into()], allow_loopback, max_bytes: 10 }
    }

    #[test]
    fn only_the_providers_hosts_are_asked() {
        for url in ["https://cdn.example.com/a.mp4", "https://a.eachlabs.ai/a", "https://a.b.eachlabs.ai/a"] {
            assert!(rules(false).allowed(url).is_some(), "{url}");
        }
        for url in [
            "http://cdn.example.com/a.mp4",
            "https://eachlabs.ai.evil.com/",
            "https://evileachlabs.ai/",
            "https://.eachlabs.ai/",
            "https://u@cdn.example.com/",
            "https://10.0.0.1/",
            "https://127.0.0.1/",
            "file:///etc/passwd",
            "nonsense",
        ] {
            assert!(rules(false).allowed(url).is_none(), "{url}");
        }
    }

    #[test]
    fn this_machine_is_asked_in_the_sandbox_only() {
        assert!(rules(true).allowed("http://127.0.0.1:9/a.mp4").is_some());
        assert!(rules(true).allowed("http://10.0.0.1/a.mp4").is_none());
        assert!(rules(true).allowed("http://cdn.example.com/a.mp4").is_none());
    }
}
