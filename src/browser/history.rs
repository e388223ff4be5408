//! The address bar.

use wasm_bindgen::JsValue;

/// The path of the address bar.
pub fn path() -> String {
    super::window().location().pathname().unwrap_or_default()
}

/// Goes to a path as a new entry of the history.
pub fn push(path: &str) {
    if let Ok(history) = super::window().history() {
        // A browser refuses only when flooded with entries; the page is shown all the same.
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// Calls `act` whenever the visitor goes back or forward.
pub fn on_pop(act: impl FnMut() + 'static) {
    super::listen::forever(&super::window(), "popstate", act);
}
