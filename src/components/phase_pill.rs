//! A dub's phase in a word or two.

use contract::Dub;
use leptos::prelude::*;

use crate::model::progress;

/// The pill.
#[component]
pub fn PhasePill(
    /// The dub.
    #[prop(into)]
    dub: Signal<Option<Dub>>,
) -> impl IntoView {
    let phase = move || dub.read().as_ref().map(|dub| dub.phase.as_str());
    view! { <span class="pill" data-phase=phase>{move || dub.read().as_ref().map(progress::pill)}</span> }
}
