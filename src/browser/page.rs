//! The document as a whole: its title, its focus, and the shell that stood in for the page.

use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement};

/// Takes the frame of `index.html` away and notes that the page has started.
pub fn replace_shell() {
    if let Some(shell) = super::document().get_element_by_id("shell") {
        shell.remove();
    }
    if let Some(root) = super::document().document_element() {
        // The start script takes later errors for what they are: none of the start.
        let _ = root.set_attribute("data-start", "done");
    }
}

/// Names the browser's tab.
pub fn set_title(title: &str) {
    super::document().set_title(title);
}

/// Puts the focus on an element; a browser brings it into view if it is not there already.
pub fn focus(id: &str) {
    let element = super::document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Puts the focus on an element and leaves the view where it is.
pub fn focus_quietly(id: &str) {
    let element = super::document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = element.focus_with_options(&options);
    }
}

/// Whether the focus is on an element.
pub fn is_at(id: &str) -> bool {
    super::document().active_element().is_some_and(|focused| focused.id() == id)
}

/// Puts the focus on an element that is only about to be there.
pub fn focus_soon(id: String) {
    leptos::prelude::request_animation_frame(move || focus(&id));
}

/// Brings an element's beginning into view, if it is above what is in view.
pub fn reveal(id: &str) {
    let element = super::document().get_element_by_id(id);
    if let Some(element) = element.filter(|element| element.get_bounding_client_rect().top() < 0.0) {
        element.scroll_into_view_with_bool(true);
    }
}

/// Goes to the top.
pub fn scroll_to_top() {
    super::window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Calls `tick` every second, forever.
pub fn every_second(tick: impl FnMut() + 'static) {
    let tick = wasm_bindgen::prelude::Closure::<dyn FnMut()>::new(tick).into_js_value();
    let _ = super::window().set_interval_with_callback_and_timeout_and_arguments_0(tick.unchecked_ref(), 1_000);
}
