//! Something that did not happen.

use leptos::prelude::*;

use crate::state::{Studio, given, studio::Mishap};

/// What went wrong with the last press of the button.
#[component]
pub fn MishapNotice() -> impl IntoView {
    let studio = given::<Studio>();
    view! { <div role="alert">{move || studio.mishap.get().map(notice)}</div> }
}

fn notice(mishap: Mishap) -> AnyView {
    view! { <div class="notice" data-tone="bad"><p><b>{mishap.title}</b>" "{mishap.detail}</p></div> }.into_any()
}
