//! The name of the browser's tab.

use crate::browser::page;
use crate::state::always;

/// Keeps the tab's name at what `title` says, for as long as the caller is shown.
pub fn title(title: impl Fn() -> String + 'static) {
    always(move || page::set_title(&(title() + " · Redub")));
}
