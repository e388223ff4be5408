//! Events that concern the whole page, for as long as it lives.

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::EventTarget;

/// Calls `act` at each such event, forever.
pub(super) fn forever(target: &EventTarget, event: &str, act: impl FnMut() + 'static) {
    let act = Closure::<dyn FnMut()>::new(act).into_js_value();
    // It can only fail for a target that is none.
    let _ = target.add_event_listener_with_callback(event, act.unchecked_ref());
}

/// Calls `act` whenever the page comes into view or goes out of it.
pub fn on_visibility(act: impl FnMut() + 'static) {
    forever(&super::document(), "visibilitychange", act);
}

/// Calls `act` whenever the browser finds or loses the network.
pub fn on_network(act: impl FnMut() + Clone + 'static) {
    forever(&super::window(), "online", act.clone());
    forever(&super::window(), "offline", act);
}

/// Calls `act` whenever another tab has kept something.
pub fn on_storage(act: impl FnMut() + 'static) {
    forever(&super::window(), "storage", act);
}

/// Whether nobody can see the page.
pub fn is_hidden() -> bool {
    super::document().hidden()
}
