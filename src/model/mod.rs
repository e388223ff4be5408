//! What the page knows, in plain Rust: no Leptos, no browser. All of it is tested natively.
//!
//! Times are milliseconds since 1970 and lengths milliseconds, both as `i64`; whoever reads a clock is not here.

pub mod complaint;
pub mod container;
pub mod crop;
pub mod draft;
pub mod fps;
pub mod intake;
pub mod kept;
pub mod line;
pub mod look;
pub mod mask;
pub mod media;
pub mod names;
pub mod peaks;
pub mod png;
pub mod poll;
pub mod progress;
pub mod recording;
pub mod revision;
pub mod route;
pub mod source;
pub mod sync;
pub mod theme;
pub mod upload;
pub mod wav;
pub mod words;
