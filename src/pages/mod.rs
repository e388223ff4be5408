//! One file a page.

pub mod dub;
pub mod library;
pub mod not_found;
pub mod studio;
pub mod unreachable;
