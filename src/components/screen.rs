//! The frame that a picture is shown in.

use leptos::prelude::*;

/// A video with the browser's own controls, in a frame that is as large before it has loaded.
#[component]
pub fn Screen(
    /// The video's address.
    src: String,
    /// What it shows.
    name: String,
) -> impl IntoView {
    view! {
        <div class="screen">
            <video class="view" src=src aria-label=name controls playsinline preload="metadata"></video>
        </div>
    }
}
