//! Small screens, where things stand one above the other that stand side by side on large ones.

use web_sys::MediaQueryList;

/// As in `style/layout.css`.
fn query() -> Option<MediaQueryList> {
    super::window().match_media("(width <= 900px)").ok()?
}

/// Calls `act` whenever the screen becomes small or large.
pub fn on_change(act: impl FnMut() + 'static) {
    if let Some(query) = query() {
        super::listen::forever(&query, "change", act);
    }
}

/// Moves the element `id` before the element `other` on a small screen, and after it on a large one. What it plays goes on.
pub fn arrange(id: &str, other: &str) {
    let element = |id| super::document().get_element_by_id(id);
    if let (Some(query), Some(moved), Some(other)) = (query(), element(id), element(other)) {
        // It can only fail for an element that is nowhere.
        let _ = if query.matches() { other.before_with_node_1(&moved) } else { other.after_with_node_1(&moved) };
    }
}
