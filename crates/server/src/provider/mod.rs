//! The provider: a client of its prediction API, and nothing of what is done with the answers.
//!
//! Wire types never leave this module, and only [`Client`] knows the key. Source of every rule: the provider's model card
//! (updated 2026-04-22) and its public documentation (as of 2026-08-21); where they differ, the card's form is sent and
//! either form is accepted.

mod cancel;
mod client;
mod executions;
mod files;
pub mod hook;
mod wire;

use std::time::Duration;

pub use cancel::CancelAnswer;
pub use client::{Client, ClientSettings, HookTarget, ProviderError};
use contract::Metrics;
pub use executions::{Echo, Execution, Executions, LIST_MAX};
pub use files::{FILE_MAX_BYTES, FileError, FilePlace, FileRemoval};

use crate::store::{PredictionId, ShutReason};

/// What is known after a create was, or was to be, sent. There is no idempotency key: only [`Self::NotSent`],
/// [`Self::RateLimited`], [`Self::Shut`] and [`Self::Refused`] say for sure that nothing runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateAnswer {
    /// It was taken.
    Accepted(PredictionId),
    /// No connection came about, so nothing was sent.
    NotSent(String),
    /// 429: nothing was created, nothing is billed.
    RateLimited {
        /// The provider's `Retry-After`.
        retry_after: Option<Duration>,
    },
    /// The key is not taken (401) or the balance is too low (402).
    Shut(ShutReason),
    /// The input was refused; the provider's words, fit to show.
    Refused(String),
    /// It may have been taken: a time-out, a reset, a 5xx, a redirect or an answer that cannot be read.
    Unknown(String),
}

/// What a look at a prediction showed.
#[derive(Debug, Clone, PartialEq)]
pub enum ReadAnswer {
    /// It runs; `Some` is a status word that is not documented.
    Running(Option<String>),
    /// It is done.
    Done {
        /// Where the result is; `None` where the answer names no link.
        result_url: Option<String>,
        /// What it took.
        metrics: Metrics,
    },
    /// It failed.
    Failed {
        /// The provider's words, fit to show; `None` where it gives no reason.
        reason: Option<String>,
        /// What it took.
        metrics: Metrics,
    },
    /// It was cancelled.
    Cancelled,
    /// 404: the provider does not know it, or does not know it yet.
    Missing,
    /// No answer that could be read.
    Unreadable(String),
}
