//! A line of text.

use leptos::{prelude::*, task::spawn_local};

use super::field_error::{described_by, invalid};
use crate::browser::nap;
use crate::model::complaint::Place;
use crate::state::{Studio, given};

/// The pause before a left field is checked: a complaint moves what is below, maybe from under the pointer.
const SETTLE_MS: i32 = 150;

/// A text box. The complaint about it is its owner's to place.
#[component]
pub fn TextField(
    /// Which field it is.
    place: Place,
    /// Its accessible name.
    name: &'static str,
    /// An example of what to type.
    #[prop(optional)]
    hint: &'static str,
    /// `url`, `numeric` or nothing: which keys a touch screen offers.
    #[prop(optional)]
    keys: &'static str,
    /// The class.
    #[prop(optional)]
    class: &'static str,
    /// What stands in it.
    value: Memo<String>,
    /// Takes what was typed.
    on_input: Callback<String>,
    /// Called soon after the visitor has left it.
    on_leave: Callback<()>,
) -> impl IntoView {
    let studio = given::<Studio>();
    let leave = move |_| {
        spawn_local(async move {
            let _ = nap::pause(SETTLE_MS).await;
            on_leave.try_run(());
        });
    };
    view! {
        <input type="text" class=["input ", class].concat() id=place.id() aria-label=name placeholder=hint
            inputmode=keys autocomplete="off" spellcheck="false"
            aria-invalid=move || invalid(studio, place) aria-describedby=move || described_by(studio, place)
            prop:value=move || value.get() on:input=move |event| on_input.run(event_target_value(&event)) on:blur=leave/>
    }
}
