//! Modal dialogs, as the browser has them: it keeps the focus inside, closes by Escape, and gives the focus back.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};

/// Where dialogs are put: nothing else is in it.
pub fn ground() -> Option<HtmlElement> {
    let ground = super::document().create_element("div").ok()?;
    super::document().body()?.append_child(&ground).ok()?;
    ground.dyn_into().ok()
}

fn dialog(id: &str) -> Option<HtmlDialogElement> {
    super::document().get_element_by_id(id)?.dyn_into().ok()
}

/// Opens the dialog of this id over the page.
pub fn show(id: &str) {
    if let Some(dialog) = dialog(id) {
        // Refused only for one that is open already.
        let _ = dialog.show_modal();
    }
}

/// Closes it; its `close` event follows.
pub fn close(id: &str) {
    if let Some(dialog) = dialog(id) {
        dialog.close();
    }
}

/// Whether there is one of this id already.
pub fn is_there(id: &str) -> bool {
    dialog(id).is_some()
}
