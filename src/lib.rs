//! Redub: the page. Give a video and a new voice, get the video dubbed.
//!
//! In reading order: [`model`] is what the page knows, in plain Rust; [`browser`] is the world outside, and [`api`] the
//! server; [`state`] is what changes while the page is open; [`components`] and [`pages`] draw it; [`app`] puts it
//! together. Each may use those before it, never those after. [`workbench`] is a program of its own beside [`app`], loaded
//! when a visit needs it; the rest reaches it through [`browser::workbench`].

pub mod model;

pub mod browser;

pub mod api;

pub mod state;

pub mod components;
pub mod pages;

pub mod app;

pub mod workbench;

/// Puts the page in place of the frame that `index.html` painted; if it cannot be put together, the frame stays and says so.
pub fn start() {
    leptos::mount::mount_to_body(app::app);
    browser::page::replace_shell();
}
