//! One type for every click, so that the page carries the code around it once.

use leptos::ev::MouseEvent;

/// What a button does, for its `on:click`.
pub fn press(act: impl Fn() + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |_| act())
}
