//! How long a dub will take, as far as our own history can tell.
//!
//! The model works on each second of the voice, so past dubs tell how long a second takes. How long the voice of a link is,
//! nobody knows before the provider has fetched it: such a dub is taken to be like the others.

use contract::Resolution;

use crate::store::{PastDub, Store, StoreError};

/// How many past dubs are looked at.
const HISTORY: u32 = 20;
/// With fewer than these the history says nothing.
const ENOUGH: usize = 3;

/// What the newest dubs of a resolution tell of the next ones.
#[derive(Debug)]
pub struct Estimates {
    past: Vec<PastDub>,
    default_s: u32,
}

impl Estimates {
    /// Reads the history of a resolution; `default_s` is told while there is too little of it.
    ///
    /// # Errors
    /// [`StoreError`] when the history cannot be read.
    pub async fn read(store: &dyn Store, resolution: Resolution, default_s: u32) -> Result<Self, StoreError> {
        Ok(Self { past: store.history(resolution, HISTORY).await?, default_s })
    }

    /// How many seconds a dub with a voice of this length will take, in milliseconds, if that is known: the median.
    pub fn of(&self, voice_ms: Option<u64>) -> u32 {
        let whole = self.past.iter().map(|past| past.took_ms);
        let per_second = |voice_ms: u64| {
            let scaled = |past: &PastDub| (past.took_ms.saturating_mul(voice_ms)).checked_div(past.made_ms?);
            median(self.past.iter().filter_map(scaled).collect())
        };
        let took_ms = voice_ms.and_then(per_second).or_else(|| median(whole.collect()));
        took_ms.map_or(self.default_s, |ms| u32::try_from(ms.div_ceil(1_000)).unwrap_or(u32::MAX).max(1))
    }
}

fn median(mut values: Vec<u64>) -> Option<u64> {
    if values.len() < ENOUGH {
        return None;
    }
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimates(past: &[(u64, Option<u64>)]) -> Estimates {
        let past = past.iter().map(|&(took_ms, made_ms)| PastDub { took_ms, made_ms }).collect();
        Estimates { past, default_s: 300 }
    }

    #[test]
    fn too_little_history_says_nothing() {
        assert_eq!(estimates(&[]).of(Some(10_000)), 300);
        assert_eq!(estimates(&[(10_000, Some(1_000)), (20_000, Some(1_000))]).of(None), 300);
    }

    #[test]
    fn a_voice_of_unknown_length_takes_what_the_middle_of_the_others_took() {
        assert_eq!(estimates(&[(300_000, None), (9_500, None), (20_000, None)]).of(None), 20);
    }

    #[test]
    fn a_voice_twice_as_long_takes_twice_as_long() {
        // Twelve, ten and fifteen seconds for each of the voice.
        let estimates = estimates(&[(120_000, Some(10_000)), (20_000, Some(2_000)), (60_000, Some(4_000))]);
        assert_eq!((estimates.of(Some(5_000)), estimates.of(Some(10_000))), (60, 120));
        assert_eq!(estimates.of(Some(1)), 1, "never at once");
        assert_eq!(estimates.of(Some(u64::MAX)), u32::MAX);
    }

    #[test]
    fn results_without_a_length_do_not_count_a_second() {
        let some = estimates(&[(30_000, None), (40_000, Some(0)), (50_000, Some(1_000))]);
        assert_eq!(some.of(Some(1_000)), 40);
    }
}
