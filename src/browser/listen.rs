//! Events: those that concern the whole page, for as long as it lives, and those that are waited for once.

use js_sys::Promise;
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, EventTarget};

/// Calls `act` at each such event, forever.
pub(super) fn forever(target: &EventTarget, event: &str, act: impl FnMut() + 'static) {
    let act = Closure::<dyn FnMut()>::new(act).into_js_value();
    // It can only fail for a target that is none.
    let _ = target.add_event_listener_with_callback(event, act.unchecked_ref());
}

/// Waits for the first of these events, and gives its name; nothing after `limit_ms`.
pub(super) async fn first(target: &EventTarget, events: &[&str], limit_ms: i32) -> Option<String> {
    let mut listener = None;
    let heard = Promise::new(&mut |hear, _| {
        let _ = super::window().set_timeout_with_callback_and_timeout_and_arguments_0(&hear, limit_ms);
        for event in events {
            let _ = target.add_event_listener_with_callback(event, &hear);
        }
        listener = Some(hear);
    });
    let heard = JsFuture::from(heard).await;
    for event in events {
        if let Some(listener) = &listener {
            let _ = target.remove_event_listener_with_callback(event, listener);
        }
    }
    heard.ok()?.dyn_ref::<Event>().map(Event::type_)
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

/// Has the browser ask before the page is left, while `is_busy`.
pub fn on_leave(is_busy: impl Fn() -> bool + 'static) {
    let ask = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        if is_busy() {
            event.prevent_default();
        }
    });
    let _ = super::window().add_event_listener_with_callback("beforeunload", ask.into_js_value().unchecked_ref());
}

/// Calls `act` when the page is left for good, or put away for a way back.
pub fn on_leaving(act: impl FnMut() + 'static) {
    forever(&super::window(), "pagehide", act);
}

/// Whether nobody can see the page.
pub fn is_hidden() -> bool {
    super::document().hidden()
}
