//! What is wrong with a field, under it.

use leptos::prelude::*;

use super::element::{El, el, live, nothing};
use crate::model::complaint::Place;
use crate::state::{Studio, given};

/// The complaint about a place, while there is one.
pub fn field_error(place: Place) -> AnyView {
    let studio = given::<Studio>();
    let detail = Memo::new(move |_| studio.complaint(place));
    live(move || match detail.get() {
        Some(detail) => el("p", "error").set("role", "alert").put("id", place.error_id()).word(detail).into(),
        None => nothing(),
    })
}

/// Ties a field to the complaint about it.
pub fn complained(field: El, place: Place) -> El {
    let studio = given::<Studio>();
    field
        .put("id", place.id())
        .follow("aria-invalid", move || studio.complaint(place).map(|_| "true"))
        .follow("aria-describedby", move || studio.complaint(place).map(|_| place.error_id()))
}
