//! What is wrong with a field, under it.

use leptos::prelude::*;

use crate::model::complaint::Place;
use crate::state::{Studio, given};

/// The complaint about a place, while there is one.
#[component]
pub fn FieldError(
    /// The place.
    place: Place,
) -> impl IntoView {
    let studio = given::<Studio>();
    let detail = Memo::new(move |_| studio.complaint(place));
    view! { {move || detail.get().map(|detail| view! { <p class="error" id=place.error_id()>{detail}</p> }.into_any())} }
}

/// For `aria-invalid`: whether a field is complained about.
pub fn invalid(studio: Studio, place: Place) -> Option<&'static str> {
    studio.complaint(place).is_some().then_some("true")
}

/// For `aria-describedby`: by what.
pub fn described_by(studio: Studio, place: Place) -> Option<String> {
    studio.complaint(place).is_some().then(|| place.error_id())
}
