//! Which picture.

use leptos::prelude::*;

use super::drop_zone::{drop_zone, file_button};
use super::element::{El, bare, el};
use super::link_box::link_box;
use super::text_field::Text;
use super::video_clip::video_clip;
use crate::browser::page;
use crate::model::{complaint::Place, words};
use crate::state::{Session, Studio, Uploads, given};

const BOX: Text = Text {
    place: Place::Video,
    read: |draft, _| &draft.video_box,
    write: |draft, _| Some(&mut draft.video_box),
    check: Studio::check_box,
};

/// A card with a heading and a word beside it.
pub fn card(heading: &'static str, hint: impl FnMut() -> String + Send + 'static, body: El) -> El {
    let header = bare("header").child(bare("h2").text(heading)).child(el("span", "hint").says(hint));
    el("section", "card").set("aria-label", heading).child(header).child(body)
}

/// The card of the video: where to drop one or paste its link, or what was added.
pub fn video_card() -> El {
    let (studio, session, uploads) = (given::<Studio>(), given::<Session>(), given::<Uploads>());
    let key = Memo::new(move |_| studio.draft.with(|draft| draft.video.key()));
    let add = move || {
        if studio.add_video(session) {
            page::focus_soon(Place::Video.id());
        }
    };
    let body = el("div", "body").live(move || {
        if !key.with(String::is_empty) {
            return video_clip().into();
        }
        let link = link_box(BOX, "Video link", "https://…/video.mp4", "Add video", add);
        drop_zone("Drop a video or paste a link", choose, link).into()
    });
    let most = move || match uploads.limits() {
        Some(limits) => ["MP4, MOV or WebM, up to ", &words::bytes(limits.max_bytes)].concat(),
        None => "MP4, MOV or WebM".to_owned(),
    };
    card("Video", most, body)
}

fn choose() -> El {
    file_button("btn", "Choose", "Choose a video".to_owned(), Place::Video)
}
