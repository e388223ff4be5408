//! Whether the server can be reached, and when it is tried again.

use leptos::prelude::*;

use crate::browser::nap::Nap;
use crate::model::poll;

/// Nothing is counted down.
const IDLE: i64 = -1;

/// The way to the server.
#[derive(Debug, Clone, Copy)]
pub struct Connection {
    /// Seconds, or [`IDLE`].
    retry_in: RwSignal<i64>,
    trial: RwSignal<i64>,
    nap: Nap,
}

impl Connection {
    /// A way that nothing is known against.
    pub fn new() -> Self {
        Self { retry_in: RwSignal::new(IDLE), trial: RwSignal::new(0), nap: Nap::new() }
    }

    /// In how many seconds the server is tried again; `None` while all is well.
    pub fn retry_in_s(self) -> Option<i64> {
        Some(self.retry_in.get()).filter(|left_s| *left_s != IDLE)
    }

    /// Whether the server did not answer the last time.
    pub fn is_lost(self) -> bool {
        self.retry_in.get_untracked() != IDLE
    }

    /// Notes that the server answers.
    pub fn found(self) {
        self.trial.set(0);
        if self.retry_in.get_untracked() != IDLE {
            self.retry_in.set(IDLE);
        }
    }

    /// Counts down to the next trial, or until [`retry`](Self::retry).
    pub async fn wait(self) {
        let trial = self.trial.get_untracked();
        self.trial.set(trial + 1);
        let mut left_s = poll::retry_s(trial);
        while left_s > 0 {
            self.retry_in.set(left_s);
            let _ = self.nap.sleep(Some(1_000)).await;
            // `retry` has set it to 0.
            left_s = self.retry_in.get_untracked().min(left_s - 1);
        }
        self.retry_in.set(0);
    }

    /// Tries again now.
    pub fn retry(self) {
        if self.retry_in.get_untracked() != IDLE {
            self.retry_in.set(0);
            self.nap.wake();
        }
    }
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}
