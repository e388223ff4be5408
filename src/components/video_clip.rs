//! The video, once there is one: its first frame with what the model keeps of it, its name, what it is.

use leptos::prelude::*;

use super::button::{blank_button, button};
use super::drop_zone::file_button;
use super::element::{El, bare, el, live, nothing};
use super::field_error::{complained, field_error};
use super::frame::frame;
use super::icon::icon;
use super::upload_line::upload_line;
use crate::browser::{media::probe, page};
use crate::model::source::Source;
use crate::model::{complaint::Place, crop, media, media::Inside, media::Probe, words};
use crate::state::{Studio, Uploads, given, studio::PICTURE};

/// The row of an added video.
pub fn video_clip() -> El {
    let (studio, uploads) = (given::<Studio>(), given::<Uploads>());
    let source = studio.draft.with_untracked(|draft| draft.video.clone());
    let (name, key, bytes) = (source.name().to_owned(), source.key(), source.file().map_or(0, |file| file.bytes));
    let told = source.clone();
    let address = move || studio.draft.with(|draft| uploads.address(&draft.video));
    let thumb = el("video", "")
        .follow("src", move || Some(address()).filter(|address| !address.is_empty()))
        .set("preload", "metadata")
        .set("playsinline", "")
        .set("tabindex", "-1")
        .set("aria-hidden", "true")
        .on("loadedmetadata", move |event| {
            studio.learn(PICTURE, probe(&event));
            studio.look_inside(PICTURE, uploads);
        })
        .on("error", move |_| studio.learn(PICTURE, Probe::Closed));
    let called = bare("b").put("title", name.clone()).word(name.clone());
    let about = el("small", "num").says(move || {
        let probe = studio.probe(PICTURE);
        if media::is_page(&told, probe) {
            return "Not a video file".to_owned();
        }
        facts(probe, !address().is_empty(), studio.inside(PICTURE, Inside::fps).flatten(), bytes)
    });
    let (change, line) = match &source {
        Source::File(_) => {
            let replace = file_button("btn quiet", "Replace", "Replace the video".to_owned(), Place::Video);
            let go = blank_button("btn quiet round", move || remove(studio, Place::Video))
                .set("aria-label", "Remove the video")
                .child(icon("remove"));
            let actions = el("span", "actions").child(replace).child(complained(go, Place::Video));
            (actions, upload_line(key, Place::Video, name, remove))
        }
        _ => {
            (complained(button("btn quiet", "Replace", move || remove(studio, Place::Video)), Place::Video), nothing())
        }
    };
    let thumb = el("div", "thumb").child(frame(thumb));
    let row = el("div", "clip").child(thumb).child(called).child(change).child(about).child(line);
    let doubts = live(move || doubts(studio, &source).into());
    el("div", "added").child(row).child(doubts).child(field_error(Place::Video))
}

fn remove(studio: Studio, _: Place) {
    studio.reopen_video();
    page::focus_soon(Place::Video.id());
}

/// `0:42 · 1280 × 720 · 25 fps · 8.4 MB`
fn facts(video: Probe, is_there: bool, fps: Option<String>, bytes: u64) -> String {
    let mut facts = match video {
        Probe::Loading if !is_there => String::new(),
        Probe::Loading => "Looking inside".to_owned(),
        Probe::Closed => "Could not look inside".to_owned(),
        Probe::Open { .. } => video.duration_ms().map(words::length).unwrap_or_default(),
    };
    let mut add = |fact: &str| {
        facts.push_str(if facts.is_empty() { "" } else { "\u{a0}· " });
        // No line ends within one.
        facts.push_str(&fact.replace(' ', "\u{a0}"));
    };
    if let Some((width, height)) = video.size() {
        add(&[&width.to_string(), " × ", &height.to_string()].concat());
    }
    if let Some(fps) = fps {
        add(&fps);
    }
    if bytes > 0 {
        add(&words::bytes(bytes));
    }
    facts
}

/// What will happen to it, and what may go wrong.
fn doubts(studio: Studio, source: &Source) -> El {
    let probe = studio.probe(PICTURE);
    let mut all = el("div", "under");
    // Then it has been told what it is.
    if studio.draft.with(|draft| draft.video.is_refused()) {
        return all;
    }
    let inside = studio.inside(PICTURE, Inside::video_doubt).flatten();
    for doubt in media::video_doubts(source, probe).into_iter().chain(inside) {
        all = all.child(el("p", "note").text(doubt));
    }
    match probe.size() {
        Some(size) => {
            let crop = crop::crop(size, studio.draft.with(|draft| draft.resolution));
            all.child(el("p", "hint").word(crop.words()))
        }
        None => all,
    }
}
