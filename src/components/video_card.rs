//! Which picture.

use leptos::prelude::*;

use super::element::{El, bare, el};
use super::link_box::link_box;
use super::text_field::Text;
use super::video_clip::video_clip;
use crate::browser::page;
use crate::model::complaint::Place;
use crate::state::{Session, Studio, given};

const BOX: Text = Text {
    place: Place::Video,
    read: |draft, _| &draft.video_box,
    write: |draft, _| Some(&mut draft.video_box),
    check: Studio::check_box,
};

/// A card with a heading and a word beside it.
pub fn card(heading: &'static str, hint: &'static str, body: El) -> El {
    let header = bare("header").child(bare("h2").text(heading)).child(el("span", "hint").text(hint));
    el("section", "card").set("aria-label", heading).child(header).child(body)
}

/// The card of the video: a box for its link, or what the link turned out to be.
pub fn video_card() -> El {
    let (studio, session) = (given::<Studio>(), given::<Session>());
    let link = Memo::new(move |_| studio.draft.with(|draft| draft.video.clone()));
    let add = move || {
        if studio.add_video(session) {
            page::focus_soon(Place::Video.id());
        }
    };
    let body = el("div", "body").live(move || match link.get() {
        link if link.is_empty() => link_box(BOX, "Video link", "https://…/video.mp4", "Add video", add).into(),
        link => video_clip(link).into(),
    });
    card("Video", "MP4, MOV or WebM", body)
}
