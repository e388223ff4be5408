//! The only place that touches the browser: one concern a file. What a number or a text means is decided in `model`.

pub mod audio;
pub mod blob;
pub mod cache;
pub mod canvas;
pub mod clipboard;
pub mod clock;
pub mod dialog;
pub mod drop;
pub mod duet;
pub mod event;
pub mod events;
pub mod fetch;
pub mod files;
pub mod fullscreen;
pub mod history;
pub mod json;
pub mod keys;
pub mod link;
pub mod listen;
pub mod lock;
pub mod media;
pub mod nap;
pub mod narrow;
pub mod object_url;
pub mod page;
pub mod picked;
pub mod pointer;
pub mod probe;
pub mod random;
pub mod recorder;
pub mod storage;
pub mod theme;
pub mod workbench;

use web_sys::{Document, Window};

/// The window. Every page has one.
fn window() -> Window {
    web_sys::window().expect("the page runs in a window")
}

/// The document. Every window of a page has one.
fn document() -> Document {
    window().document().expect("the window shows a document")
}
