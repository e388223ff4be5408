//! Copies a dub's link.

use contract::DubId;
use leptos::{prelude::*, task::spawn_local};

use super::button::blank_button;
use super::element::El;
use crate::browser::{clipboard, link, nap};
use crate::model::route::Route;

/// How long the button says what it did.
const SAID_MS: i32 = 2_500;

/// The button; says whether it worked.
pub fn copy_link(id: &DubId) -> El {
    let address = link::absolute(&Route::Dub(id.0.clone()).path());
    let said: RwSignal<Option<String>> = RwSignal::new(None);
    let copy = move || {
        let address = address.clone();
        spawn_local(async move {
            let text = if clipboard::copy(&address).await {
                "Copied. It opens in this browser only"
            } else {
                "Could not copy"
            };
            // The page may have moved on meanwhile.
            said.try_set(Some(text.to_owned()));
            let _ = nap::pause(SAID_MS).await;
            said.try_set(None);
        });
    };
    blank_button("btn", copy)
        .set("aria-live", "polite")
        .says(move || said.get().unwrap_or_else(|| "Copy link".to_owned()))
}
