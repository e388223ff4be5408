//! Light and dark, on the root element and as the system wants it.

use web_sys::MediaQueryList;

fn query() -> Option<MediaQueryList> {
    super::window().match_media("(prefers-color-scheme: dark)").ok()?
}

/// Whether the system wants dark pages.
pub fn is_system_dark() -> bool {
    query().is_some_and(|query| query.matches())
}

/// Calls `act` whenever the system changes its mind.
pub fn on_system_change(act: impl FnMut() + 'static) {
    if let Some(query) = query() {
        super::listen::forever(&query, "change", act);
    }
}

/// Paints the page light or dark.
pub fn apply(is_dark: bool) {
    if let Some(root) = super::document().document_element() {
        let _ = root.set_attribute("data-theme", if is_dark { "dark" } else { "light" });
    }
}
