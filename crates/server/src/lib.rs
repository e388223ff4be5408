//! Redub's server: keeps the paid key off the client, queues, submits, watches, stores.
//!
//! In reading order:
pub mod clock;
pub mod ids;
pub mod store;
