//! Buttons.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::element::{El, bare};

/// A button of this class, with this text.
pub fn button(class: &'static str, text: &'static str, act: impl FnMut() + 'static) -> El {
    blank_button(class, act).text(text)
}

/// A button of this class, with nothing on it yet.
pub fn blank_button(class: &'static str, act: impl FnMut() + 'static) -> El {
    bare("button").set("type", "button").set("class", class).press(act)
}

/// A button whose work may have to be loaded first: it shows that it is at it, and is not pressed twice.
pub fn working_button(text: &'static str, act: fn() -> Pin<Box<dyn Future<Output = ()>>>) -> El {
    let is_busy = RwSignal::new(false);
    let press = move || {
        if !is_busy.get_untracked() {
            is_busy.set(true);
            let work = act();
            spawn_local(async move {
                work.await;
                // What it did may have put another in its place.
                is_busy.try_set(false);
            });
        }
    };
    button("btn", text, press).follow("aria-busy", move || is_busy.get().then_some("true"))
}
