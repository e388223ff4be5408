//! The moment in which the page is left.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;

use super::listen::forever;

/// Calls `act` when the page is left for good, or put away for a way back.
pub fn on_leaving(act: impl FnMut() + 'static) {
    forever(&super::window(), "pagehide", act);
}

/// Has what is at `path` deleted, by a request that outlives the page; nobody hears the answer.
pub fn delete(path: &str) {
    let options = Object::new();
    for (name, value) in [("method", "DELETE".into()), ("keepalive", true.into())] {
        // A fresh plain object takes every property.
        let _ = Reflect::set(&options, &name.into(), &value);
    }
    let _ = super::window().fetch_with_str_and_init(path, options.unchecked_ref());
}
