//! A drawing from `style/components/icon.css`.

use super::element::{El, el};

/// Draws the icon of this name; says nothing to a screen reader.
pub fn icon(name: &'static str) -> El {
    el("span", "icon").set("data-icon", name).set("aria-hidden", "true")
}
