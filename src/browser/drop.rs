//! Files dropped anywhere on the page.

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{DragEvent, Event};

use super::files::{Array, dropped};

/// Calls `take` with the files of each drop. While files hover over the page, its root is marked with `data-drop`.
pub fn on_drop(is_taken: impl Fn() -> bool + 'static, take: impl Fn(Array) + 'static) {
    let act = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        let Ok(event) = event.dyn_into::<DragEvent>() else { return };
        let has_files = event.data_transfer().is_some_and(|data| data.types().includes(&"Files".into(), 0));
        if !has_files || !is_taken() {
            return;
        }
        // Else the browser would open the file in place of the page.
        event.prevent_default();
        let kind = event.type_();
        // Behind a dialog nobody would see where they went.
        let is_covered = matches!(super::document().query_selector("dialog"), Ok(Some(_)));
        // Leaving one element for another is not leaving the page.
        mark(!is_covered && (kind == "dragover" || (kind == "dragleave" && event.related_target().is_some())));
        if kind == "drop" && !is_covered {
            take(dropped(&event));
        }
    });
    let act = act.into_js_value();
    for event in ["dragover", "dragleave", "drop"] {
        let _ = super::window().add_event_listener_with_callback(event, act.unchecked_ref());
    }
}

fn mark(is_over: bool) {
    if let Some(root) = super::document().document_element() {
        let _ = root.toggle_attribute_with_force("data-drop", is_over);
    }
}
