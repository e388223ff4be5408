//! Buttons.

use super::element::{El, bare};

/// A button of this class, with this text.
pub fn button(class: &'static str, text: &'static str, act: impl FnMut() + 'static) -> El {
    blank_button(class, act).text(text)
}

/// A button of this class, with nothing on it yet.
pub fn blank_button(class: &'static str, act: impl FnMut() + 'static) -> El {
    bare("button").set("type", "button").set("class", class).press(act)
}
