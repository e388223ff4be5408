//! Files at the provider: a place is asked for with the key, the bytes go there without it.
//!
//! The place is another host: what sends there knows no key and follows no redirect. Source: the provider's documentation,
//! `POST /v1/upload/presign` and `DELETE /v1/files/{id}` (as of 2026-08-21).

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use reqwest::{Body, Response};
use url::Url;

use super::{
    client::{Client, causes, read_body, retry_after},
    wire::{Presign, Presigned, error_words},
};
use crate::{resolve::outward, storage::Reading, store::ShutReason};

/// The largest file that the provider takes, in bytes.
pub const FILE_MAX_BYTES: u64 = 100_000_000;

/// How long a file of no size may take on its way.
const SEND_FIRST: Duration = Duration::from_mins(1);
/// A file that goes slower than this, in bytes a second, is cut off; the place is only kept for 15 minutes.
const SEND_RATE: u64 = 150_000;

/// A place for one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilePlace {
    /// The provider's id of it.
    pub id: String,
    /// Where anyone can fetch it once it is there.
    pub link: String,
    put_url: Url,
    headers: HeaderMap,
}

/// Why a file is not with the provider.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FileError {
    /// Nothing was sent, it broke off, or the other side has trouble of its own: later it may work.
    #[error("the provider's storage cannot be reached: {cause}")]
    Passing {
        /// What happened, for the log.
        cause: String,
        /// The provider's `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// The key is not taken (401, 403) or the balance is too low (402).
    #[error("the provider takes nothing from us")]
    Shut(ShutReason),
    /// It is too large.
    #[error("the file is too large for the provider")]
    TooLarge,
    /// The file was refused; the provider's words, fit to show.
    #[error("the provider refused the file: {0}")]
    Refused(String),
    /// The place did not take the bytes. It may be past its time; another may take them.
    #[error("the provider's storage answered {0}")]
    NotTaken(StatusCode),
}

/// What became of a file's removal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileRemoval {
    /// It is gone, or never was.
    Gone,
    /// It is still being used.
    InUse,
    /// It is not known.
    Unknown(String),
}

impl Client {
    /// Asks for a place for a file of this media type, where it is kept for as long as `life`.
    ///
    /// # Errors
    /// [`FileError`].
    pub async fn presign(&self, content_type: &str, life: Duration) -> Result<FilePlace, FileError> {
        let file_type = file_type(content_type);
        let body = Presign { content_type, file_type, expires_in_seconds: life.as_secs() };
        let response = self
            .reading
            .post(self.url(&["upload", "presign"]))
            .json(&body)
            .send()
            .await
            .map_err(|e| passing(causes(&e)))?;
        let (status, retry_after) = (response.status(), retry_after(&response));
        let body = read_body(response).await.map_err(passing)?;
        if status.is_success() {
            let presigned = serde_json::from_slice::<Presigned>(&body);
            return self.place(presigned.map_err(|_| passing("an answer that names no place".into()))?);
        }
        Err(match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => FileError::Shut(ShutReason::KeyRefused),
            StatusCode::PAYMENT_REQUIRED => FileError::Shut(ShutReason::BalanceTooLow),
            StatusCode::PAYLOAD_TOO_LARGE => FileError::TooLarge,
            status if is_passing(status) => FileError::Passing { cause: status.to_string(), retry_after },
            status => FileError::Refused(self.without_key(&error_words(&body).unwrap_or_else(|| status.to_string()))),
        })
    }

    fn place(&self, presigned: Presigned) -> Result<FilePlace, FileError> {
        let Presigned { id, put_url, public_url, required_headers } = presigned;
        let refused = |what: &str| passing(format!("a place whose {what} cannot be used"));
        let put_url = outward(&put_url, self.allow_loopback).ok_or_else(|| refused("address"))?;
        outward(&public_url, self.allow_loopback).ok_or_else(|| refused("public address"))?;
        if id.is_empty() {
            return Err(refused("id"));
        }
        let mut headers = HeaderMap::new();
        for (name, value) in &required_headers {
            let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
                return Err(refused("header"));
            };
            // These are the connection's own, and say what is sent.
            if !matches!(name, header::HOST | header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::CONNECTION) {
                headers.insert(name, value);
            }
        }
        Ok(FilePlace { id, link: public_url, put_url, headers })
    }

    /// Sends the bytes of a whole file to its place.
    ///
    /// # Errors
    /// [`FileError`]; what arrived of it counts for nothing then.
    pub async fn put(&self, place: &FilePlace, content_type: &str, file: Reading) -> Result<(), FileError> {
        let mut headers = place.headers.clone();
        headers.entry(header::CONTENT_TYPE).or_insert(
            HeaderValue::try_from(content_type).map_err(|_| FileError::Refused("a type that is none".into()))?,
        );
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size_bytes));
        let request = self.sending.put(place.put_url.clone()).headers(headers).timeout(time_for(file.size_bytes));
        let response = request.body(Body::wrap_stream(file.bytes)).send().await.map_err(|e| passing(causes(&e)))?;
        match response.status() {
            status if status.is_success() => Ok(()),
            StatusCode::PAYLOAD_TOO_LARGE => Err(FileError::TooLarge),
            status if is_passing(status) => {
                Err(FileError::Passing { cause: status.to_string(), retry_after: retry_after(&response) })
            }
            status => Err(FileError::NotTaken(status)),
        }
    }

    /// Removes the file `id`.
    pub async fn delete_file(&self, id: &str) -> FileRemoval {
        match self.reading.delete(self.url(&["files", id])).send().await.as_ref().map(Response::status) {
            Ok(StatusCode::NOT_FOUND | StatusCode::GONE) => FileRemoval::Gone,
            Ok(status) if status.is_success() => FileRemoval::Gone,
            Ok(StatusCode::CONFLICT) => FileRemoval::InUse,
            Ok(status) => FileRemoval::Unknown(status.to_string()),
            Err(error) => FileRemoval::Unknown(causes(error)),
        }
    }
}

fn file_type(content_type: &str) -> &'static str {
    match content_type.split('/').next() {
        Some("video") => "video",
        Some("audio") => "audio",
        Some("image") => "image",
        _ => "other",
    }
}

fn passing(cause: String) -> FileError {
    FileError::Passing { cause, retry_after: None }
}

/// Whether a status says nothing about the file.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error()
        || status.is_redirection()
        || matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT | StatusCode::TOO_MANY_REQUESTS)
}

/// How long a file of this size may take.
fn time_for(size_bytes: u64) -> Duration {
    SEND_FIRST + Duration::from_secs(size_bytes / SEND_RATE)
}
