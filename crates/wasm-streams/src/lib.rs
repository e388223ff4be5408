//! Stands in for the crate of this name, which Leptos brings along for the bodies of server functions.
//!
//! The page has no server functions, but the real crate's classes are exported to JavaScript, so that no linker may leave
//! them out: 5 kB of a first visit that nobody ever calls. This has the types by which Leptos compiles, and no values.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use wasm_bindgen::JsValue;

const UNUSED: &str = "The page has no server functions.";

/// A stream of bytes that never is.
#[derive(Debug)]
pub struct ReadableStream(Infallible);

impl ReadableStream {
    /// From one of the browser's.
    ///
    /// # Panics
    /// Always: nobody calls it.
    pub fn from_raw(_raw: web_sys::ReadableStream) -> Self {
        unimplemented!("{UNUSED}")
    }

    /// From one of Rust's.
    ///
    /// # Panics
    /// Always: nobody calls it.
    pub fn from_stream(_stream: impl Stream<Item = Result<JsValue, JsValue>> + 'static) -> Self {
        unimplemented!("{UNUSED}")
    }

    /// As one of the browser's.
    pub fn into_raw(self) -> web_sys::ReadableStream {
        match self.0 {}
    }

    /// As one of Rust's.
    #[must_use]
    pub fn into_stream(self) -> Self {
        self
    }
}

impl Stream for ReadableStream {
    type Item = Result<JsValue, JsValue>;

    fn poll_next(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.0 {}
    }
}
