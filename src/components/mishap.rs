//! Something that did not happen.

use leptos::prelude::*;

use crate::model::complaint::Place;
use crate::state::{Studio, given};

/// What went wrong with the last press of the button.
#[component]
pub fn MishapNotice() -> impl IntoView {
    let studio = given::<Studio>();
    view! { <div role="alert">{move || studio.complaint(Place::Bar).map(notice)}</div> }
}

fn notice(detail: String) -> AnyView {
    view! { <p class="notice" data-tone="bad">{detail}</p> }.into_any()
}
