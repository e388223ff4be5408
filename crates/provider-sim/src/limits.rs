//! The rate limit: so many creates in any 60 seconds under one key.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_mins(1);

/// When each key's recent creates arrived. A create refused by this very limit is not counted, so waiting helps.
#[derive(Debug, Default)]
pub(crate) struct Window {
    seen: HashMap<String, VecDeque<Instant>>,
}

impl Window {
    /// Counts a create, or says how long until the next one fits.
    pub(crate) fn admit(&mut self, account: &str, limit: usize, now: Instant) -> Result<(), Duration> {
        let seen = self.seen.entry(account.to_owned()).or_default();
        while seen.front().is_some_and(|at| now.duration_since(*at) >= MINUTE) {
            seen.pop_front();
        }
        if seen.len() >= limit {
            return Err(seen.front().map_or(MINUTE, |first| MINUTE.saturating_sub(now.duration_since(*first))));
        }
        seen.push_back(now);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_again_sixty_seconds_after_it_was_taken() {
        let (mut window, start) = (Window::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        assert_eq!(window.admit("a", 2, at(0)), Ok(()));
        assert_eq!(window.admit("a", 2, at(10)), Ok(()));
        assert_eq!(window.admit("a", 2, at(59)), Err(Duration::from_secs(1)));
        assert_eq!(window.admit("b", 2, at(59)), Ok(()));
        assert_eq!(window.admit("a", 2, at(60)), Ok(()));
        assert_eq!(window.admit("a", 2, at(61)), Err(Duration::from_secs(9)));
    }
}
