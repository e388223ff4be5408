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
        self.lose();
        while self.retry_in.get_untracked() > 0 {
            let _ = self.nap.sleep(Some(1_000)).await;
            self.tick();
        }
    }

    /// Notes that the server did not answer, and begins to count down.
    fn lose(self) {
        let trial = self.trial.get_untracked();
        self.trial.set(trial + 1);
        self.retry_in.set(poll::retry_s(trial));
    }

    /// A second of the countdown is over, unless [`retry`](Self::retry) has ended it.
    fn tick(self) {
        self.retry_in.update(|left_s| *left_s = (*left_s - 1).max(0));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// How long it counts down after each of these many losses in a row.
    fn countdowns(connection: Connection, losses: usize) -> Vec<i64> {
        let loss = |_| {
            connection.lose();
            connection.retry_in_s().unwrap_or(IDLE)
        };
        (0..losses).map(loss).collect()
    }

    #[test]
    fn nothing_is_counted_down_while_the_server_answers() {
        Owner::new().with(|| {
            let connection = Connection::new();
            connection.found();
            connection.retry();
            assert_eq!((connection.retry_in_s(), connection.is_lost()), (None, false));
        });
    }

    #[test]
    fn a_countdown_ends_at_zero_and_the_server_stays_lost_until_it_answers() {
        Owner::new().with(|| {
            let connection = Connection::new();
            connection.lose();
            let mut seen = Vec::new();
            for _ in 0..6 {
                seen.push(connection.retry_in_s());
                connection.tick();
            }
            assert_eq!(seen, [5, 4, 3, 2, 1, 0].map(Some));
            assert_eq!((connection.retry_in_s(), connection.is_lost()), (Some(0), true));
            connection.found();
            assert_eq!((connection.retry_in_s(), connection.is_lost()), (None, false));
        });
    }

    #[test]
    fn trying_again_now_ends_the_countdown() {
        Owner::new().with(|| {
            let connection = Connection::new();
            connection.lose();
            connection.retry();
            connection.tick();
            assert_eq!((connection.retry_in_s(), connection.is_lost()), (Some(0), true));
        });
    }

    #[test]
    fn a_server_that_was_found_is_waited_for_as_at_first() {
        Owner::new().with(|| {
            let connection = Connection::new();
            assert_eq!(countdowns(connection, 4), [5, 5, 10, 15]);
            connection.found();
            assert_eq!(countdowns(connection, 1), [5]);
        });
    }
}
