//! Something to type into.

use leptos::{prelude::*, task::spawn_local};

use super::element::{El, bare};
use super::field_error::complained;
use crate::browser::nap;
use crate::model::complaint::Place;
use crate::model::draft::Draft;
use crate::state::{Session, Studio, given};

/// The pause before a left field is checked: a complaint moves what is below, maybe from under the pointer.
const SETTLE_MS: i32 = 150;

/// A text of the draft's.
#[derive(Clone, Copy)]
pub struct Text {
    /// Where a complaint about it belongs.
    pub place: Place,
    /// Reads it.
    pub read: fn(&Draft, Place) -> &str,
    /// The place to write it to, if it is still there.
    pub write: fn(&mut Draft, Place) -> Option<&mut String>,
    /// What is checked once the visitor has left it.
    pub check: fn(Studio, Place, Session),
}

/// A line of text; the complaint about it is its owner's to place.
pub fn text_field(text: Text, name: &'static str, hint: &'static str, class: &'static str) -> El {
    typed(bare("input").set("type", "text").set("autocomplete", "off").set("spellcheck", "false"), text)
        .set("class", class)
        .set("aria-label", name)
        .set("placeholder", hint)
}

/// Makes an element the one to type this text into.
pub fn typed(field: El, text: Text) -> El {
    let (studio, session) = (given::<Studio>(), given::<Session>());
    let Text { place, read, write, check } = text;
    complained(field, place)
        .value(move || studio.draft.with(|draft| read(draft, place).to_owned()))
        .on("input", move |event| {
            let typed = event_target_value(&event);
            studio.change(place, |draft| {
                if let Some(text) = write(draft, place) {
                    *text = typed;
                }
            });
        })
        .on("blur", move |_| {
            spawn_local(async move {
                let _ = nap::pause(SETTLE_MS).await;
                check(studio, place, session);
            });
        })
}
