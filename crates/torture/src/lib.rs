//! Kills the server at every point where that could cost money, and looks at what is left.
//!
//! The server is the real program, built with its feature `fail-points`; the provider's stand-in is another program, with a
//! journal that it fsyncs before it answers; between them stands the [`proxy`], which breaks what a network can break. A
//! [`round`] kills the server once or more, starts it again, and has the [`ledger`] compare the promises with the journal
//! and with what the API tells; [`keeping`] compares files with both. [`points`] says where it is killed. The proxy serves the server's own tests as well.

pub mod dice;
pub mod keeping;
pub mod ledger;
pub mod owner;
pub mod points;
pub mod programs;
pub mod proxy;
pub mod round;
pub mod visitor;
pub mod voice;
