//! A stand-in for the prediction API that Redub stands on: the same answers, real rendering, faults on request.
//!
//! It speaks the provider's API from its public pages alone and shares no type with the server, so that a
//! misunderstanding on one side is not repeated on the other. It is a library for tests and a binary for development.
//!
//! - [`Simulator::start`] listens and hands back [`Running`]; [`Options`] says how it behaves.
//! - A prompt may hold words such as `sim:drop-after-accept`; [`fault_reference`] lists them.
//! - [`Running::journal`] tells what was truly accepted: each [`JournalEntry`] was on disk before its create was answered.
//!
//! Deliberately absent: lip movement (the picture keeps its own), prices (the cost is made up), and any way to switch a
//! fault on but through the input.

mod account;
mod faults;
mod hash;
mod input;
mod job;
mod journal;
mod limits;
mod media;
mod options;
mod prediction;
mod refusal;
mod render;
mod routes;
mod sample;
mod server;
mod simulator;
mod state;
mod storage;
mod url_gate;
mod webhook;

pub use faults::reference as fault_reference;
pub use journal::JournalEntry;
pub use options::Options;
pub use simulator::{Running, Simulator, StartError};
pub use state::Stats;
