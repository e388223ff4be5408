//! What an event says.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent};

/// Whether a click is one that a page follows itself: with a modifier key or another button it is the browser's.
pub fn is_plain_click(event: &Event) -> bool {
    event.dyn_ref::<MouseEvent>().is_some_and(|click| {
        click.button() == 0 && !(click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key())
    })
}

/// Which key was pressed.
pub fn key(event: &Event) -> String {
    event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key).unwrap_or_default()
}

/// The tag of what an event began at, in capitals.
pub fn tag(event: &Event) -> String {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .map(|target| target.tag_name())
        .unwrap_or_default()
}
