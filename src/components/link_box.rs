//! A box to paste a link into.

use leptos::prelude::*;

use super::{field_error::FieldError, text_field::TextField};
use crate::model::complaint::Place;
use crate::state::{Session, Studio, given};

/// A link's box with its button; Enter adds too.
#[component]
pub fn LinkBox(
    /// The video's or a voice's box.
    place: Place,
    /// The box's accessible name.
    name: &'static str,
    /// An example.
    hint: &'static str,
    /// The button's accessible name.
    add: &'static str,
    /// Called to add what stands in the box.
    on_add: Callback<()>,
) -> impl IntoView {
    let (studio, session) = (given::<Studio>(), given::<Session>());
    let value = Memo::new(move |_| studio.draft.with(|draft| text(draft, place).clone()));
    let write = Callback::new(move |typed| studio.change(place, |draft| *text_mut(draft, place) = typed));
    let check = Callback::new(move |()| {
        studio.check_link(place, &value.get_untracked(), session);
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if value.with_untracked(String::is_empty) {
            studio.complain(place, "Paste a link first.");
        } else {
            on_add.run(());
        }
    };
    view! {
        <form class="link-box" on:submit=submit novalidate>
            <TextField place name hint keys="url" value on_input=write on_leave=check/>
            <button class="btn" type="submit" aria-label=add>"Add"</button>
            <FieldError place/>
        </form>
    }
}

use crate::model::draft::Draft;

fn text(draft: &Draft, place: Place) -> &String {
    if place == Place::Video { &draft.video_box } else { &draft.voice_box }
}

fn text_mut(draft: &mut Draft, place: Place) -> &mut String {
    if place == Place::Video { &mut draft.video_box } else { &mut draft.voice_box }
}
