//! Redub: the page. Give a video and a new voice, get the video dubbed.
//!
//! In reading order: [`model`] is what the page knows, in plain Rust; [`api`] asks the server; [`browser`] is everything
//! else outside; [`state`] is what changes while the page is open; [`components`] and [`pages`] draw it; [`app`] puts it
//! together. Each may use those before it, never those after.

pub mod model;

pub mod api;
pub mod browser;

pub mod state;

pub mod components;
pub mod pages;

pub mod app;

/// Puts the page in place of the frame that `index.html` painted.
pub fn start() {
    browser::page::replace_shell();
    leptos::mount::mount_to_body(app::app);
}
