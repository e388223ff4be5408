//! Where files are dropped or chosen, or a link is pasted.

use leptos::prelude::*;

use super::element::{El, bare, el, nothing};
use crate::browser::files;
use crate::model::complaint::Place;
use crate::state::{Uploads, given};

/// A well that says what it takes, with buttons, and a box for a link. Where nothing may be uploaded, only the box.
pub fn drop_zone(says: &'static str, buttons: fn() -> El, link: El) -> El {
    let uploads = given::<Uploads>();
    let can_upload = Memo::new(move |_| uploads.limits().is_some());
    let head = move || {
        if can_upload.get() {
            el("div", "actions").child(bare("span").text(says)).child(buttons()).into()
        } else {
            nothing()
        }
    };
    el("div", "drop").follow("data-bare", move || (!can_upload.get()).then_some("")).live(head).child(link)
}

/// A button to choose files for a place; `name` is what a screen reader calls it.
pub fn file_button(class: &'static str, text: &'static str, name: String, place: Place) -> El {
    let uploads = given::<Uploads>();
    let accept = match place {
        Place::Video => "video/*,.mkv,.avi",
        Place::Mask => "image/png",
        _ => "audio/*,.webm,.opus",
    };
    let input = el("input", "unseen")
        .set("type", "file")
        .set("accept", accept)
        .put("aria-label", name)
        .on("change", move |event| uploads.take(files::chosen(&event), Some(place)));
    let input = if place == Place::Voice { input.set("multiple", "") } else { input };
    el("label", class).child(input).text(text)
}
