//! Chance that can be had again: a seed's numbers are the same on every machine.

use std::time::Duration;

/// `SplitMix64` (Steele, Lea, Flood 2014; public domain).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, and without, `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// Whether what happens `percent` times of a hundred happens.
    pub(super) fn falls(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `from`, taken out.
    pub(super) fn take<T>(&mut self, from: &mut Vec<T>) -> Option<T> {
        if from.is_empty() {
            return None;
        }
        let at = usize::try_from(self.below(from.len() as u64)).unwrap_or_default();
        Some(from.swap_remove(at))
    }

    /// Up to so many seconds.
    pub(super) fn seconds(&mut self, most: u64) -> Duration {
        Duration::from_millis(self.below(most * 1_000))
    }

    /// From 0 up to 1.
    pub(super) fn share(&mut self) -> f64 {
        f64::from(u32::try_from(self.below(1 << 32)).unwrap_or_default()) / f64::from(u32::MAX)
    }
}
