#![doc = include_str!("../README.md")]
//!
//! # For whoever changes it
//!
//! It speaks the provider's API from its public pages alone and shares no type with the server, so that a
//! misunderstanding on one side is not repeated on the other. A request goes through `routes`, a prediction's life is in
//! `job`, its rendering in `render`, and the meaning of the `sim:` words in `faults`.
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
