//! Where there is nothing.

use leptos::prelude::*;

use crate::components::{page_link::PageLink, title::title};
use crate::model::route::Route;

/// Says that there is nothing, and where there is something.
#[component]
pub fn NotFound(
    /// What is not there.
    heading: &'static str,
    /// Why that may be.
    detail: &'static str,
) -> impl IntoView {
    title(move || heading.to_owned());
    view! {
        <div class="blank">
            <h1>{heading}</h1>
            <p>{detail}</p>
            <p class="actions">
                <PageLink to=Route::Studio class="btn">"Go to the studio"</PageLink>
                <PageLink to=Route::Library class="btn">"Go to the library"</PageLink>
            </p>
        </div>
    }
}
