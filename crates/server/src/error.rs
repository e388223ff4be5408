//! How a request is refused: an outside that is safe to show, and an inside that only the log sees.

use std::error::Error;

use axum::{
    http::StatusCode,
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
    /// The route exists, but not for this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The dub is in a phase that does not allow this. The caller sees why.
    #[error("conflict")]
    Conflict(&'static str),
    /// The `Idempotency-Key` was used before, with another body.
    #[error("idempotency key reused")]
    IdempotencyMismatch,
    /// The body is larger than this route takes, in bytes.
    #[error("the body is too large")]
    TooLarge(usize),
    /// The body is not JSON by its content type.
    #[error("the body's type is not taken")]
    UnsupportedMedia,
    /// A page of another site, or a program that does not say where it comes from, wants to change something.
    #[error("cross-site request")]
    CrossSite,
    /// The body did not arrive in time.
    #[error("the body did not arrive in time")]
    RequestTimeout,
    /// The store or the media folder does not answer. The cause is logged.
    #[error("not ready")]
    NotReady(#[source] Box<dyn Error + Send + Sync>),
    /// The disk is full. The cause is logged.
    #[error("the disk is full")]
    StorageFull(#[source] StoreError),
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
            StoreError::Full(_) => Self::StorageFull(error),
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
            Self::MethodNotAllowed => Problem::new(Code::MethodNotAllowed, "This cannot be done here."),
            Self::Conflict(detail) => Problem::new(Code::Conflict, detail),
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
            Self::CrossSite => Problem::new(Code::CrossSite, "Only Redub's own page may change something here."),
            Self::RequestTimeout => Problem::new(Code::RequestTimeout, "The body did not arrive in time."),
            Self::NotReady(_) => Problem::new(Code::NotReady, "The server cannot do its work right now."),
            Self::StorageFull(_) => {
                Problem::new(Code::StorageFull, "The server's disk is full. Nothing was stored; try again later.")
            }
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
        let problem = self.problem();
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(problem);
        response
    }
}

/// Enough of a caller's word to recognise it.
fn shorten(word: &str) -> String {
    word.chars().filter(|c| !c.is_control()).take(80).collect()
}
