//! A choice of two, side by side.

use leptos::prelude::*;

use super::element::{El, bare, el};
use crate::model::complaint::Place;
use crate::model::draft::Draft;
use crate::state::{Studio, given};

/// A choice of the draft's.
#[derive(Clone, Copy)]
pub struct Choice {
    /// What a change makes good again.
    pub place: Place,
    /// The group's name, also shown.
    pub name: &'static str,
    /// The group's id.
    pub id: &'static str,
    /// The two answers.
    pub options: [&'static str; 2],
    /// Whether the second one is chosen.
    pub read: fn(&Draft) -> bool,
    /// Chooses.
    pub write: fn(&mut Draft, bool),
}

/// A row of the settings with a radio group.
pub fn segmented(choice: Choice) -> El {
    let group = el("div", "seg")
        .set("role", "radiogroup")
        .set("id", choice.id)
        .set("tabindex", "-1")
        .set("aria-label", choice.name)
        .child(option(choice, false))
        .child(option(choice, true));
    el("div", "row").child(el("span", "name").set("aria-hidden", "true").text(choice.name)).child(group)
}

fn option(choice: Choice, is_second: bool) -> El {
    let studio = given::<Studio>();
    let input = bare("input")
        .set("type", "radio")
        .set("name", choice.id)
        .checked(move || studio.draft.with(choice.read) == is_second)
        .on("change", move |_| studio.change(choice.place, |draft| (choice.write)(draft, is_second)));
    bare("label").child(input).child(bare("span").text(choice.options[usize::from(is_second)]))
}
