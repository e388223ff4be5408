//! The simulator over real sockets, one file a promise.

mod api;
mod binary;
mod create_faults;
mod helpers;
mod journal;
mod limits;
mod read_faults;
mod rendering;
mod uploads;
mod webhooks;
