//! Something that did not happen.

use leptos::prelude::*;

use crate::state::{Studio, given};

/// What went wrong with the last press of the button.
#[component]
pub fn MishapNotice() -> impl IntoView {
    let studio = given::<Studio>();
    let notice = move || {
        studio.mishap.get().map(
            |mishap| view! { <div class="notice" data-tone="bad"><p><b>{mishap.title}</b>" "{mishap.detail}</p></div> },
        )
    };
    view! { <div role="alert">{notice}</div> }
}
