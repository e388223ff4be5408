//! How often the page asks. One task asks for all dubs in view; the server polls the provider on its own.

/// The shortest pause between two questions.
pub const SHORTEST_MS: i32 = 1_000;
/// The longest one while something moves.
pub const LONGEST_MS: i32 = 5_000;
/// The pause while everything in view waits for its owner.
pub const IDLE_MS: i32 = 15_000;

/// Grows while nothing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    next_ms: i32,
}

impl Default for Backoff {
    fn default() -> Self {
        Self { next_ms: SHORTEST_MS }
    }
}

impl Backoff {
    /// The pause before the next question; a change starts over.
    pub fn pause_ms(&mut self, has_changed: bool) -> i32 {
        if has_changed {
            *self = Self::default();
        }
        let pause_ms = self.next_ms;
        self.next_ms = (pause_ms + pause_ms / 2).min(LONGEST_MS);
        pause_ms
    }
}

/// How many seconds to wait for a lost server before trial number `trial`, counted from 0.
pub fn retry_s(trial: i64) -> i64 {
    match trial {
        0 | 1 => 5,
        2 => 10,
        _ => 15,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_grows_from_one_second_to_five_and_a_change_starts_over() {
        let mut backoff = Backoff::default();
        let pauses: Vec<i32> = (0..6).map(|_| backoff.pause_ms(false)).collect();
        assert_eq!(pauses, [1_000, 1_500, 2_250, 3_375, 5_000, 5_000]);
        assert_eq!(backoff.pause_ms(true), 1_000);
    }

    #[test]
    fn a_lost_server_is_asked_ever_less_often_but_never_given_up() {
        assert_eq!([0, 1, 2, 3, 900].map(retry_s), [5, 5, 10, 15, 15]);
    }
}
