//! A drawing from the sprite in `index.html`.

use leptos::prelude::*;

/// Draws the symbol of this id; says nothing to a screen reader.
#[component]
pub fn Icon(
    /// The symbol's id in the sprite.
    name: &'static str,
) -> impl IntoView {
    view! { <svg class="icon" data-icon=name aria-hidden="true" inner_html=["<use href=\"#", name, "\"></use>"].concat()></svg> }
}
