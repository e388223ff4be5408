//! What a visitor has picked in a control.

use wasm_bindgen::JsCast;
use web_sys::{Blob, Event, HtmlInputElement, HtmlSelectElement};

/// The file that was picked; the same one can be picked again.
pub fn file(event: &Event) -> Option<Blob> {
    let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
    let file = input.files()?.get(0);
    input.set_value("");
    file.map(Into::into)
}

/// The value of the option that was picked.
pub fn option(event: &Event) -> Option<String> {
    Some(event.target()?.dyn_into::<HtmlSelectElement>().ok()?.value())
}

/// Where a slider stands.
pub fn number(event: &Event) -> Option<u32> {
    event.target()?.dyn_into::<HtmlInputElement>().ok()?.value().parse().ok()
}
