//! The numbers both sides hold a dub to.

use std::ops::RangeInclusive;

/// The longest prompt, in Unicode scalar values.
pub const PROMPT_MAX_CHARS: usize = 5_000;
/// The longest label of a voice track, in Unicode scalar values.
pub const LABEL_MAX_CHARS: usize = 80;
/// How many voices a batch may have.
pub const BATCH_TRACKS_MAX: usize = 100;
/// The longest media link, in bytes.
pub const URL_MAX_BYTES: usize = 2_048;
/// The longest `Idempotency-Key`, in bytes.
pub const IDEMPOTENCY_KEY_MAX_BYTES: usize = 255;
/// The seeds that the model takes (its card, read 2026-11-22). The card's `-1` for "random" is never sent on.
pub const SEED: RangeInclusive<i64> = 1..=2_147_483_647;
/// How many dubs one page of the library holds unless asked otherwise.
pub const DUBS_PER_PAGE: u32 = 30;
/// How many dubs one page of the library holds at most.
pub const DUBS_PER_PAGE_MAX: u32 = 100;
