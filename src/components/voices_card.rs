//! Which voices.

use leptos::{prelude::*, task::spawn_local};

use super::button::button;
use super::drop_zone::{drop_zone, file_button};
use super::element::{El, el};
use super::link_box::link_box;
use super::rows::rows;
use super::text_field::Text;
use super::track_row::track_row;
use super::video_card::card;
use crate::browser::{files, page, workbench};
use crate::model::complaint::{Place, TrackId};
use crate::state::{Session, Studio, Uploads, given};

const BOX: Text = Text {
    place: Place::Voice,
    read: |draft, _| &draft.voice_box,
    write: |draft, _| Some(&mut draft.voice_box),
    check: Studio::check_box,
};

/// The card of the voice tracks, one dub for each.
pub fn voices_card() -> El {
    let studio = given::<Studio>();
    let ids = Memo::new(move |_| studio.track_ids());
    let keys = move || ids.get().iter().map(TrackId::to_string).collect();
    let list = el("ul", "tracks").child(rows(keys, |id| track_row(id.parse().unwrap_or_default()).into()));
    let add =
        link_box(BOX, "Voice link", "https://…/voice.mp3", "Add voice", move || add(studio, given::<Session>()));
    let add = drop_zone("Drop audio or paste a link", choose, add);
    card("Voice tracks", || "One dub for each".to_owned(), el("div", "body").child(list).child(add))
}

fn choose() -> El {
    let choose = file_button("btn", "Choose", "Choose voices".to_owned(), Place::Voice);
    el("div", "actions").child(choose).child(button("btn", "Record", record))
}

/// Opens the recorder; what is kept becomes a voice as if it had been chosen.
fn record() {
    let (studio, uploads) = (given::<Studio>(), given::<Uploads>());
    spawn_local(async move {
        match workbench::record().await {
            Ok(Some(recording)) => uploads.take(files::alone(&recording.blob), Some(Place::Voice)),
            Ok(None) => {}
            Err(unavailable) => studio.complain(Place::Voice, unavailable.words()),
        }
    });
}

/// Adds what stands in the box. Whose language could not be guessed is asked for it.
fn add(studio: Studio, session: Session) {
    let unnamed = studio
        .add_voice(session)
        .filter(|id| studio.draft.with_untracked(|draft| draft.track(*id).is_some_and(|track| track.label.is_empty())));
    if let Some(id) = unnamed {
        page::focus_soon(Place::Track(id).id());
    }
}
