//! A dub's phase in a word or two.

use leptos::prelude::*;

use crate::model::progress;
use crate::state::watcher::Follow;

/// The pill.
#[component]
pub fn PhasePill(
    /// The dub.
    dub: Follow,
) -> impl IntoView {
    view! {
        <span class="pill" data-phase=move || dub.read(|dub| dub.phase.as_str())>{move || dub.read(progress::pill)}</span>
    }
}
