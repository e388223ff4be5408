//! The name of the browser's tab.

use leptos::prelude::*;

use crate::browser::page;

/// Keeps the tab's name at what `title` says, for as long as the caller is shown.
pub fn title(title: impl Fn() -> String + 'static) {
    Effect::new(move || page::set_title(&(title() + " · Redub")));
}
