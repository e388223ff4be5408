//! How a request is refused: an outside that is safe to show, and an inside that only the log sees.

use std::{error::Error, time::Duration};

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contract::{Code, FieldError, Problem};

use crate::{storage::StorageError, store::StoreError, telemetry};

/// Why a request is not answered with what it asked for. Answered as `application/problem+json`.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// These fields cannot be used. The caller sees all of them.
    #[error("fields were refused")]
    Invalid(Vec<FieldError>),
    /// The body is not what this route takes. The caller sees where it stops to be.
    #[error("the body is malformed")]
    MalformedJson(String),
    /// The body has a field that does not exist. The caller sees its name.
    #[error("the body has an unknown field")]
    UnknownField(String),
    /// Nothing here, or nothing of this visitor's; the caller cannot tell which.
    #[error("not found")]
    NotFound,
    /// It was here, and is not kept any more. The caller sees why.
    #[error("gone")]
    Gone(String),
    /// The route exists, but not for this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The dub is in a phase that does not allow this. The caller sees why.
    #[error("conflict")]
    Conflict(&'static str),
    /// What was asked for is being worked on, and can be asked for again. The caller sees what is.
    #[error("locked")]
    Locked(&'static str),
    /// The `Idempotency-Key` was used before, with another body.
    #[error("idempotency key reused")]
    IdempotencyMismatch,
    /// The body is larger than this route takes, in bytes.
    #[error("the body is too large")]
    TooLarge(usize),
    /// The body is not JSON by its content type.
    #[error("the body's type is not taken")]
    UnsupportedMedia,
    /// A file is larger than is taken. The caller sees what would do.
    #[error("a file is too large")]
    FileTooLarge(String),
    /// A file is of no type that can be used. The caller sees which would do.
    #[error("a file's type is not taken")]
    UnsupportedFile(String),
    /// A file is of the right type and no good. The caller sees why.
    #[error("a file cannot be used")]
    UnusableFile(String),
    /// The visitor has too much here, for so long.
    #[error("the quota is used up")]
    QuotaExceeded(Duration),
    /// The visitor, or all together, have too many streams of events open. When to ask again.
    #[error("too many streams")]
    TooManyStreams(Duration),
    /// The request is not of the version of tus that is spoken here.
    #[error("the version of tus is missing or another")]
    UnsupportedTusVersion,
    /// A page of another site, or a program that does not say where it comes from, wants to change something.
    #[error("cross-site request")]
    CrossSite,
    /// An order without a cookie of ours, whose dubs nobody could see or cancel.
    #[error("an order without a cookie")]
    NoCookie,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    RequestTimeout,
    /// The store or the media folder does not answer. The cause is logged.
    #[error("not ready")]
    NotReady(#[source] Box<dyn Error + Send + Sync>),
    /// The disk is full. The cause is logged.
    #[error("the disk is full")]
    StorageFull(#[source] Box<dyn Error + Send + Sync>),
    /// Something is broken. The cause is logged; the caller sees the request's id.
    #[error("internal error")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
    /// A handler panicked. What it said is logged.
    #[error("a handler panicked: {0}")]
    Panicked(String),
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full(_) => Self::StorageFull(Box::new(error)),
            StoreError::Database(_) => Self::NotReady(Box::new(error)),
            _ => Self::Internal(Box::new(error)),
        }
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Bucket(_) => Self::NotReady(Box::new(error)),
            _ => Self::Internal(Box::new(error)),
        }
    }
}

impl ApiError {
    /// What the caller sees; [`telemetry::observe`] adds the request's id.
    fn problem(self) -> Problem {
        match self {
            Self::Invalid(errors) => Problem::invalid(errors),
            Self::MalformedJson(detail) => Problem::new(Code::MalformedJson, detail),
            Self::UnknownField(name) => {
                Problem::new(Code::UnknownField, format!("There is no field `{}`.", shorten(&name)))
            }
            Self::NotFound => Problem::new(Code::NotFound, "There is nothing here."),
            Self::Gone(detail) => Problem::new(Code::ResultGone, detail),
            Self::MethodNotAllowed => Problem::new(Code::MethodNotAllowed, "This cannot be done here."),
            Self::Conflict(detail) => Problem::new(Code::Conflict, detail),
            Self::Locked(detail) => Problem::new(Code::Locked, detail),
            Self::IdempotencyMismatch => Problem::new(
                Code::IdempotencyMismatch,
                "This Idempotency-Key was used for another request. Take a new one.",
            ),
            Self::TooLarge(max_bytes) => {
                Problem::new(Code::TooLarge, format!("The body is larger than {max_bytes} bytes."))
            }
            Self::UnsupportedMedia => {
                Problem::new(Code::UnsupportedMedia, "Send JSON, with the content type application/json.")
            }
            Self::FileTooLarge(detail) => Problem::new(Code::TooLarge, detail),
            Self::UnsupportedFile(detail) => Problem::new(Code::UnsupportedMedia, detail),
            Self::UnusableFile(detail) => Problem::new(Code::InvalidInput, detail),
            Self::QuotaExceeded(_) => Problem::new(
                Code::QuotaExceeded,
                "You have too many files here. Remove some, or wait until they expire.",
            ),
            Self::TooManyStreams(_) => Problem::new(
                Code::RateLimited,
                "Too many pages wait for news here. Close some, or ask for the dubs instead.",
            ),
            Self::UnsupportedTusVersion => {
                Problem::new(Code::UnsupportedTusVersion, "This server speaks tus 1.0.0: say so in Tus-Resumable.")
            }
            Self::CrossSite => Problem::new(Code::CrossSite, "Only Redub's own page may change something here."),
            Self::NoCookie => Problem::new(
                Code::Forbidden,
                "Nothing was ordered: this browser did not send this site's cookie, by which you find and cancel \
                 what you order. Allow it to keep cookies of this site, then order again.",
            ),
            Self::RequestTimeout => Problem::new(Code::RequestTimeout, "The body did not arrive in time."),
            Self::NotReady(_) => Problem::new(Code::NotReady, "The server cannot do its work right now."),
            Self::StorageFull(_) => Problem::new(Code::StorageFull, "The server's disk is full. Try again later."),
            Self::Internal(_) | Self::Panicked(_) => {
                Problem::new(Code::Internal, "Something went wrong here. Nothing you did; try again.")
            }
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if matches!(self, Self::NotReady(_) | Self::StorageFull(_) | Self::Internal(_) | Self::Panicked(_)) {
            tracing::error!(error = telemetry::chain(&self), "a request failed");
        }
        let retry_after = match &self {
            Self::QuotaExceeded(wait) | Self::TooManyStreams(wait) => Some(HeaderValue::from(wait.as_secs().max(1))),
            _ => None,
        };
        let problem = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(problem);
        if let Some(retry_after) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, retry_after);
        }
        response
    }
}

/// Enough of a caller's word to recognise it.
fn shorten(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(80).collect()
}
