//! The video, once there is one: its first frame, its name, its length and size.

use super::button::button;
use super::element::{El, bare, el};
use super::field_error::{complained, field_error};
use crate::browser::{media::probe, page};
use crate::model::{complaint::Place, media, media::Probe, words};
use crate::state::{Studio, given, studio::PICTURE};

/// The row of an added video.
pub fn video_clip(link: String) -> El {
    let studio = given::<Studio>();
    let name = media::file_name(&link).to_owned();
    let doubt = if media::has_video_ending(&link) {
        bare("p")
    } else {
        el("p", "note")
            .text("This link does not end in .mp4, .mov, .webm, .mkv, .avi or .mpeg. Its type may not be recognised.")
    };
    let thumb = el("video", "thumb")
        .put("src", link.clone())
        .set("preload", "metadata")
        .set("playsinline", "")
        .set("tabindex", "-1")
        .set("aria-hidden", "true")
        .on("loadedmetadata", move |event| studio.learn(PICTURE, probe(&event)))
        .on("error", move |_| studio.learn(PICTURE, Probe::Closed));
    let about = bare("div")
        .child(bare("b").put("title", link).word(name))
        .child(el("small", "num").says(move || facts(studio.probe(PICTURE))));
    let replace = button("btn quiet", "Replace", move || {
        studio.reopen_video();
        page::focus_soon(Place::Video.id());
    });
    let row = el("div", "clip").child(thumb).child(about).child(complained(replace, Place::Video));
    el("div", "added").child(row).child(doubt).child(field_error(Place::Video))
}

fn facts(video: Probe) -> String {
    match video {
        Probe::Loading => "Looking at the link".to_owned(),
        Probe::Closed => "Could not look inside this link".to_owned(),
        Probe::Open { duration_ms, size } => {
            let length = duration_ms.map(words::length);
            let size = size.map(|(width, height)| [&width.to_string(), " × ", &height.to_string()].concat());
            length.into_iter().chain(size).collect::<Vec<_>>().join(" · ")
        }
    }
}
