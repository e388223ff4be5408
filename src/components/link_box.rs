//! A box to paste a link into.

use super::element::{El, bare, el};
use super::field_error::field_error;
use super::text_field::{Text, text_field};
use crate::state::{Studio, given};

/// A link's box with its button, which is called `add`; Enter adds too.
pub fn link_box(
    text: Text,
    name: &'static str,
    hint: &'static str,
    add: &'static str,
    on_add: impl Fn() + 'static,
) -> El {
    let studio = given::<Studio>();
    let submit = move |event: leptos::ev::Event| {
        event.prevent_default();
        if studio.has_text(text.read, text.place) {
            on_add();
        } else {
            studio.complain(text.place, "Paste a link first.");
        }
    };
    el("form", "link-box")
        .set("novalidate", "")
        .on("submit", submit)
        .child(text_field(text, name, hint, "input").set("inputmode", "url"))
        .child(bare("button").set("type", "submit").set("class", "btn").set("aria-label", add).text("Add"))
        .child(field_error(text.place))
}
