//! One voice: what language it speaks, how long it is, how it sounds.

use leptos::prelude::*;

use super::button::blank_button;
use super::element::{El, bare, el, live};
use super::field_error::field_error;
use super::icon::icon;
use super::text_field::{Text, text_field};
use super::upload_line::upload_line;
use crate::browser::media::{probe, toggle};
use crate::browser::page;
use crate::model::complaint::{Place, TrackId};
use crate::model::{draft, draft::Draft, media, media::Inside, media::Probe, words};
use crate::state::{Studio, Uploads, given, studio::PICTURE};

fn label(draft: &Draft, place: Place) -> &str {
    let Place::Track(id) = place else { return "" };
    draft.track(id).map_or("", |track| &track.label)
}

fn label_mut(draft: &mut Draft, place: Place) -> Option<&mut String> {
    let Place::Track(id) = place else { return None };
    draft.track_mut(id).map(|track| &mut track.label)
}

/// The row of a voice.
pub fn track_row(id: TrackId) -> El {
    let studio = given::<Studio>();
    let key = Memo::new(move |_| studio.draft.with(|draft| draft.source(Place::Track(id)).key()));
    el("li", "track").live(move || {
        key.track();
        untrack(|| columns(id)).into_any()
    })
}

/// What stands in the row; made anew when another file is put in the place of its voice.
fn columns(id: TrackId) -> Vec<AnyView> {
    let (studio, place) = (given::<Studio>(), Place::Track(id));
    let source = studio.draft.with_untracked(|draft| draft.source(place).clone());
    let (file, is_file) = (source.name().to_owned(), source.file().is_some());
    let name = move || studio.draft.with(|draft| draft.track(id).map(draft::Track::name).unwrap_or_default());
    let language = Text { place, read: label, write: label_mut, check: Studio::check_settings };
    let go = blank_button("btn quiet round", move || remove(studio, place))
        .follow("aria-label", move || Some(["Remove ", &name()].concat()))
        .child(icon("remove"));
    vec![
        text_field(language, "Language", "Language", "input bare").into(),
        el("span", "file")
            .put("title", file.clone())
            .follow("data-wave", move || (!wave(studio, id).is_empty()).then_some(""))
            .style("--wave", move || wave(studio, id))
            .child(bare("span").word(file.clone()))
            .into(),
        el("span", "num").says(move || studio.probe(id).duration_ms().map(words::length).unwrap_or_default()).into(),
        player(id, name).into(),
        go.into(),
        upload_line(source.key(), place, file, remove),
        live(move || notes(studio, id, is_file).into()),
        field_error(place),
    ]
}

/// What its voice looks like; empty until it is known.
fn wave(studio: Studio, id: TrackId) -> String {
    studio.inside(id, |inside| inside.wave.clone()).unwrap_or_default()
}

fn remove(studio: Studio, place: Place) {
    if let Place::Track(id) = place {
        studio.remove_voice(id);
        page::focus_soon(Place::Voice.id());
    }
}

/// Plays the voice, and learns its length. Whether it plays, the element says.
fn player(id: TrackId, name: impl Fn() -> String + Send + 'static) -> El {
    let (studio, uploads) = (given::<Studio>(), given::<Uploads>());
    let is_playing = RwSignal::new(false);
    let says = move || Some([if is_playing.get() { "Pause " } else { "Play " }, &name()].concat());
    let button = bare("button")
        .set("type", "button")
        .set("class", "btn quiet round")
        .follow("aria-label", says)
        .on("click", |event| toggle(&event))
        .live(move || icon(if is_playing.get() { "pause" } else { "play" }).into());
    let address = move || studio.draft.with(|draft| uploads.address(draft.source(Place::Track(id))));
    let audio = bare("audio")
        .follow("src", move || Some(address()).filter(|address| !address.is_empty()))
        .set("preload", "metadata")
        .on("play", move |_| is_playing.set(true))
        .on("pause", move |_| is_playing.set(false))
        .on("error", move |_| studio.learn(id, Probe::Closed))
        .on("loadedmetadata", move |event| {
            studio.learn(id, probe(&event));
            studio.look_inside(id, uploads);
        });
    el("span", "player").child(button).child(audio)
}

/// What may go wrong with the voice.
fn notes(studio: Studio, id: TrackId, is_file: bool) -> El {
    let voice = studio.probe(id);
    let over_s = media::overhang_s(voice, studio.probe(PICTURE));
    let length = over_s
        .map(|s| [&s.to_string(), " s longer than the video. The last frame holds until the voice ends."].concat());
    let is_refused = studio.draft.with(|draft| draft.source(Place::Track(id)).is_refused());
    let closed = match voice {
        // It has been told what it is.
        _ if is_refused => "",
        Probe::Closed if is_file => {
            "This browser cannot play it: it may be cut off, or of another type than its name says."
        }
        Probe::Closed => "Could not look inside this link",
        _ => "",
    };
    let doubts = [length.as_deref(), Some(closed), studio.inside(id, Inside::voice_doubt).flatten()];
    let said = doubts.into_iter().flatten().filter(|doubt| !doubt.is_empty());
    said.fold(el("div", "notes"), |all, doubt| all.child(el("p", "note").word(doubt.to_owned())))
}
