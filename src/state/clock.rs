//! The server's time, ticking: elapsed times must not depend on a visitor's wrong clock.

use leptos::prelude::*;

use crate::browser;

/// The `Date` header is cut to whole seconds; less than this is no difference.
const TOLERANCE_MS: i64 = 1_500;

/// What time it is on the server.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    now_ms: RwSignal<i64>,
    ahead_ms: RwSignal<i64>,
}

impl Clock {
    /// A clock that goes by this machine until an answer says better.
    pub fn new(now_ms: i64) -> Self {
        Self { now_ms: RwSignal::new(now_ms), ahead_ms: RwSignal::new(0) }
    }

    /// The server's time; read inside of a closure it follows each second.
    pub fn now_ms(self) -> i64 {
        self.now_ms.get()
    }

    /// Moves the clock on to this machine's time `local_ms`.
    pub fn tick(self, local_ms: i64) {
        self.now_ms.set(local_ms + self.ahead_ms.get_untracked());
    }

    /// Learns the server's time from an answer that arrived at `local_ms`.
    pub fn learn(self, server_ms: i64, local_ms: i64) {
        let ahead_ms = server_ms + 500 - local_ms;
        if (ahead_ms - self.ahead_ms.get_untracked()).abs() > TOLERANCE_MS {
            self.ahead_ms.set(ahead_ms);
            self.tick(local_ms);
        }
    }

    /// A clock that ticks for as long as the page lives.
    pub fn start() -> Self {
        let clock = Self::new(browser::clock::now_ms());
        browser::page::every_second(move || clock.tick(browser::clock::now_ms()));
        clock
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_is_put_right_and_rounding_is_no_difference() {
        Owner::new().with(|| {
            let clock = Clock::new(1_000_000);
            clock.learn(1_000_400, 1_000_900);
            assert_eq!(clock.now_ms(), 1_000_000);
            clock.learn(1_060_000, 1_001_000);
            assert_eq!(clock.now_ms(), 1_060_500);
            clock.tick(1_002_000);
            assert_eq!(clock.now_ms(), 1_061_500);
        });
    }
}
