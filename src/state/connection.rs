//! Whether the server can be reached, and when it is tried again.

use leptos::prelude::*;

use crate::browser::nap::Nap;
use crate::model::poll;

/// The way to the server.
#[derive(Debug, Clone, Copy)]
pub struct Connection {
    retry_in_s: RwSignal<Option<u32>>,
    trial: StoredValue<u32>,
    nap: Nap,
}

impl Connection {
    /// A way that nothing is known against.
    pub fn new() -> Self {
        Self { retry_in_s: RwSignal::new(None), trial: StoredValue::new(0), nap: Nap::new() }
    }

    /// In how many seconds the server is tried again; `None` while all is well.
    pub fn retry_in_s(self) -> Option<u32> {
        self.retry_in_s.get()
    }

    /// Notes that the server answers.
    pub fn found(self) {
        self.trial.set_value(0);
        if self.retry_in_s.get_untracked().is_some() {
            self.retry_in_s.set(None);
        }
    }

    /// Counts down to the next trial, or until [`retry`](Self::retry).
    pub async fn wait(self) {
        let trial = self.trial.get_value();
        self.trial.set_value(trial + 1);
        let mut left_s = poll::retry_s(trial);
        while left_s > 0 {
            self.retry_in_s.set(Some(left_s));
            self.nap.sleep(Some(1_000)).await;
            // `retry` sets it to 0.
            left_s = self.retry_in_s.get_untracked().unwrap_or(0).min(left_s - 1);
        }
        self.retry_in_s.set(Some(0));
    }

    /// Tries again now.
    pub fn retry(self) {
        if self.retry_in_s.get_untracked().is_some() {
            self.retry_in_s.set(Some(0));
            self.nap.wake();
        }
    }
}

impl Default for Connection {
    fn default() -> Self {
        Self::new()
    }
}
