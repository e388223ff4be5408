//! Copies a dub's link.

use contract::DubId;
use leptos::{prelude::*, task::spawn_local};

use super::press::press;
use crate::browser::{clipboard, link, nap};
use crate::model::route::Route;

/// How long the button says what it did.
const SAID_MS: i32 = 2_500;

/// The button; says whether it worked.
#[component]
pub fn CopyLink(
    /// The dub.
    id: DubId,
) -> impl IntoView {
    let address = link::absolute(&Route::Dub(id.0).path());
    let said = RwSignal::new("Copy link".to_owned());
    let copy = press(move || {
        let address = address.clone();
        spawn_local(async move {
            let text = if clipboard::copy(&address).await { "Copied" } else { "Could not copy" };
            // The page may have moved on meanwhile.
            said.try_set(text.to_owned());
            let _ = nap::pause(SAID_MS).await;
            said.try_set("Copy link".to_owned());
        });
    });
    view! { <button class="btn" aria-live="polite" on:click=copy>{move || said.get()}</button> }
}
