//! Where a mouse, a pen or a finger is.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, PointerEvent};

/// Where a pointer is on the element that listens, in parts of its width and height: 0 to 1 while it is inside.
pub fn place(event: &Event) -> Option<(f64, f64)> {
    let (pointer, element) = (event.dyn_ref::<PointerEvent>()?, listener(event)?);
    let area = element.get_bounding_client_rect();
    let (x, y) = (f64::from(pointer.client_x()) - area.left(), f64::from(pointer.client_y()) - area.top());
    (area.width() > 0.0 && area.height() > 0.0).then(|| (x / area.width(), y / area.height()))
}

/// Whether it is the one that draws: the first finger, the pen's tip, the mouse's main button.
pub fn is_main(event: &Event) -> bool {
    event.dyn_ref::<PointerEvent>().is_some_and(|pointer| pointer.is_primary() && pointer.button() == 0)
}

/// Whether it is the first finger, the pen or the mouse.
pub fn is_primary(event: &Event) -> bool {
    event.dyn_ref::<PointerEvent>().is_some_and(PointerEvent::is_primary)
}

/// Keeps a pointer with the element that listens until it is let go, wherever it goes.
pub fn hold(event: &Event) {
    if let (Some(pointer), Some(element)) = (event.dyn_ref::<PointerEvent>(), listener(event)) {
        // Refused for a pointer that has gone.
        let _ = element.set_pointer_capture(pointer.pointer_id());
    }
}

fn listener(event: &Event) -> Option<Element> {
    event.current_target()?.dyn_into().ok()
}
