//! One file a page.

pub mod dub;
pub mod library;
pub mod studio;
pub mod unreachable;
