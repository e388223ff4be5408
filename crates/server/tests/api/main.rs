//! The server over real sockets, with the provider's stand-in behind it: one file a route or a promise.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod batches;
mod between;
mod binary;
mod breaker;
mod cancel;
mod connections;
mod delete;
#[cfg(target_os = "linux")]
mod disk_error;
mod dubs;
mod estimate;
mod events;
mod evidence;
mod headers;
mod health;
mod helpers;
mod idempotency;
mod limits;
mod media;
mod network;
mod page;
mod problems;
mod provider;
mod reconcile;
mod retention;
mod s3;
mod staging;
mod storage;
mod stored;
mod tus;
mod uploads;
mod uploads_cut;
mod uploads_dubs;
#[cfg(target_os = "linux")]
mod uploads_full;
mod uploads_hostile;
mod uploads_mask;
mod uploads_refused;
mod validation;
mod visitors;
mod webhooks;
