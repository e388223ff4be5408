//! Keys that are held with another.

use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

/// Whether the key for commands is held: Control, or Command on a Mac.
pub fn has_command(event: &Event) -> bool {
    event.dyn_ref::<KeyboardEvent>().is_some_and(|key| key.ctrl_key() || key.meta_key())
}

/// Whether Shift is held.
pub fn has_shift(event: &Event) -> bool {
    event.dyn_ref::<KeyboardEvent>().is_some_and(KeyboardEvent::shift_key)
}

/// Whether a key is held that makes another a command of the browser's.
pub fn is_for_browser(event: &Event) -> bool {
    has_command(event) || event.dyn_ref::<KeyboardEvent>().is_some_and(KeyboardEvent::alt_key)
}
