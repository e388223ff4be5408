//! How much is taken and how long it is kept.

use std::time::Duration;

use contract::UploadLimits;

/// The numbers of uploads. The operator chooses the limits; the rest is for tests to shorten.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// What a visitor may upload.
    pub limits: UploadLimits,
    /// How long a slow client may take for the least that must come.
    pub stall: Duration,
    /// How long who asks for an upload is let wait until it was looked into.
    pub look_patience: Duration,
    /// How long an upload may take to arrive.
    pub keep_arriving: Duration,
    /// How long a whole upload waits for a dub that is made from it, and is kept for another one after each.
    pub keep_unused: Duration,
    /// How much of the disk is left to the dubs: uploads do not fill it.
    pub reserve_bytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: UploadLimits {
                // What the provider's own storage takes (its documentation of presigned uploads, read 2026-11-22).
                max_bytes: 100_000_000,
                max_files: 100,
                max_total_bytes: 2_000_000_000,
                max_mask_pixels: 16_000_000,
            },
            stall: Duration::from_secs(30),
            look_patience: Duration::from_secs(25),
            keep_arriving: Duration::from_hours(24),
            keep_unused: Duration::from_hours(48),
            reserve_bytes: 256 << 20,
        }
    }
}
