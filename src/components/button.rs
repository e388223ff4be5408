//! A button that says what it does.

use leptos::prelude::*;

use super::press::press;

/// A button of this class, with this text.
pub fn button(class: &'static str, text: &'static str, act: impl Fn() + 'static) -> AnyView {
    view! { <button class=class on:click=press(act)>{text}</button> }.into_any()
}
