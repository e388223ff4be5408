//! Redub's server: keeps the paid key off the client, queues, submits, watches, stores.
//!
//! In reading order:

// What the operator says, and how a server comes up and goes down.
pub mod config;
pub mod run;
pub mod serve;
pub mod telemetry;

// From a request to an answer.
pub mod error;
pub mod router;
pub mod routes;
pub mod visitor;

// What must survive, and what moves a dub on.
pub mod dispatch;
pub mod events;
pub mod media;
pub mod provider;
pub mod reconcile;
pub mod storage;
pub mod store;
pub mod uploads;

// What all of them use.
pub mod clock;
mod fail_points;
pub mod ids;
mod resolve;
