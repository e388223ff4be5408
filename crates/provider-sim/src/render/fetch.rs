//! Brings an input to disk, hashed and bounded. What is in the file, the probe says.

use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::StreamExt as _;
use reqwest::redirect::{Attempt, Policy};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt as _;
use url::Url;

use super::RenderError;
use crate::hash::hex;
use crate::url_gate::UrlGate;

/// The largest input: what the provider's own storage takes.
const LARGEST_BYTES: u64 = 100 * 1024 * 1024;
const MOST_REDIRECTS: usize = 3;

/// A file on disk and what names its bytes.
pub(super) struct Fetched {
    pub(super) path: PathBuf,
    pub(super) sha256: String,
}

/// Fetches inputs; every hop of a redirect passes the same gate as the first address.
pub(super) struct Fetcher {
    http: reqwest::Client,
}

impl Fetcher {
    pub(super) fn new(gate: &UrlGate) -> reqwest::Result<Self> {
        let gate = gate.clone();
        let policy = Policy::custom(move |attempt: Attempt<'_>| match gate.check(attempt.url().as_str()) {
            Ok(_) if attempt.previous().len() <= MOST_REDIRECTS => attempt.follow(),
            Ok(_) => attempt.error("too many redirects"),
            Err(why) => attempt.error(format!("redirect target {why}")),
        });
        let http = reqwest::Client::builder()
            .redirect(policy)
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_mins(2))
            .build()?;
        Ok(Self { http })
    }

    pub(super) async fn fetch(&self, what: &'static str, url: &Url, folder: &Path) -> Result<Fetched, RenderError> {
        let failed = |reason: String| RenderError::Fetch { what, reason };
        let response = self.http.get(url.clone()).send().await.map_err(|error| failed(chain(&error)))?;
        if !response.status().is_success() {
            return Err(failed(format!("its address answered {}", response.status())));
        }
        let path = folder.join(what);
        let mut file = tokio::fs::File::create(&path).await?;
        let (mut hash, mut size, mut body) = (Sha256::new(), 0_u64, response.bytes_stream());
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|error| failed(chain(&error)))?;
            size += chunk.len() as u64;
            if size > LARGEST_BYTES {
                return Err(failed("it is larger than 100 MB".into()));
            }
            hash.update(&chunk);
            file.write_all(&chunk).await?;
        }
        file.flush().await?;
        if size == 0 {
            return Err(RenderError::unusable(what, "it is empty"));
        }
        Ok(Fetched { path, sha256: hex(&hash.finalize()) })
    }
}

/// The error and its causes in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// The model tells a video's type by its address alone, so an address without a known extension is an error.
pub(super) fn video_extension(url: &Url) -> Result<String, RenderError> {
    let extension = Path::new(url.path()).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let extension = extension.to_ascii_lowercase();
    if ["mp4", "mov", "webm", "mkv", "avi", "mpeg"].contains(&extension.as_str()) {
        return Ok(extension);
    }
    Err(RenderError::unusable("video", "its URL does not end in mp4, mov, webm, mkv, avi or mpeg"))
}

/// A mask must be a PNG or a JPEG.
pub(super) async fn expect_image(path: &Path) -> Result<(), RenderError> {
    let bytes = tokio::fs::read(path).await?;
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") || bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Ok(());
    }
    Err(RenderError::unusable("mask_image", "it is neither a PNG nor a JPEG"))
}
