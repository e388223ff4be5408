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
    move || detail.get().map(|detail| view! { <p class="error" id=place.error_id()>{detail}</p> })
}

/// For `aria-invalid` and `aria-describedby` of the field: whether, and by what, it is complained about.
pub fn is_wrong(place: Place) -> (Signal<Option<&'static str>>, Signal<Option<String>>) {
    let studio = given::<Studio>();
    let has_complaint = Memo::new(move |_| studio.complaint(place).is_some());
    (
        Signal::derive(move || has_complaint.get().then_some("true")),
        Signal::derive(move || has_complaint.get().then(|| place.error_id())),
    )
}
