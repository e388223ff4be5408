//! Who speaks, as a mask: painted over the first frame, or an image of the visitor's own.

use leptos::{prelude::*, task::spawn_local};

use super::button::button;
use super::drop_zone::file_button;
use super::element::{El, bare, el, nothing};
use super::field_error::complained;
use super::upload_line::upload_line;
use crate::browser::workbench::{self, Look, Source};
use crate::browser::{files, page};
use crate::model::complaint::Place;
use crate::model::draft::Draft;
use crate::model::look::{Facts, Kind, LookError};
use crate::model::{mask, source};
use crate::state::{Studio, Uploads, given};

/// The ways to get a mask from here; none where nothing may be uploaded.
pub fn mask_makers() -> AnyView {
    if given::<Uploads>().limits().is_none() {
        return nothing();
    }
    let choose = file_button("btn", "Choose", "Choose a mask".to_owned(), Place::Mask);
    el("div", "actions").child(button("btn", "Paint", paint)).child(choose).into()
}

/// The mask that is there.
pub fn mask_file(key: String) -> El {
    let name = given::<Studio>().draft.with_untracked(|draft| draft.mask_file.name().to_owned());
    let remove =
        button("btn quiet", "Remove", || remove_mask(given(), Place::Mask)).set("aria-label", "Remove the mask");
    let again = complained(button("btn", "Paint again", paint), Place::Mask);
    let actions = el("div", "actions").child(again).child(remove);
    el("div", "under").child(bare("b").set("role", "status").word(name.clone())).child(actions).child(upload_line(
        key,
        Place::Mask,
        name,
        remove_mask,
    ))
}

fn remove_mask(studio: Studio, place: Place) {
    studio.change(place, |draft| draft.put(place, source::Source::None));
    page::focus_soon(Place::Mask.id());
}

/// Opens the dialog over the video's first frame; what is saved becomes the mask as if it had been chosen.
fn paint() {
    let (studio, uploads) = (given::<Studio>(), given::<Uploads>());
    let address = |read: fn(&Draft) -> &source::Source| {
        studio.draft.with_untracked(|draft| untrack(|| uploads.address(read(draft))))
    };
    let (video, kept) = (address(|draft| &draft.video), address(|draft| &draft.mask_file));
    if video.is_empty() {
        return studio.complain(Place::Mask, "Add a video first: the speaker is painted over its first frame.");
    }
    let Some(limits) = untrack(|| uploads.limits()) else { return };
    studio.forgive(Place::Mask);
    spawn_local(async move {
        let why = match workbench::look_into(&Source::Link(video), Kind::Video).await {
            Ok(Look { facts: Facts::Video(facts), frame: Some(frame) }) => {
                // Told before anything is painted: what cannot be sent would be lost.
                if let Some(why) = mask::oversize((facts.width, facts.height), limits.max_mask_pixels) {
                    return studio.complain(Place::Mask, &why);
                }
                match workbench::paint(&frame, &kept).await {
                    Ok(Some(mask)) => return uploads.take(files::alone(&mask), Some(Place::Mask)),
                    Ok(None) => return,
                    Err(unavailable) => unavailable.words(),
                }
            }
            Err(LookError::Unavailable(unavailable)) => unavailable.words(),
            _ => "This page may not look inside the video. Choose a mask, or paste a link to one.",
        };
        studio.complain(Place::Mask, why);
    });
}
