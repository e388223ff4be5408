//! One voice: what language it speaks, how long it is, how it sounds.

use leptos::prelude::*;

use super::button::blank_button;
use super::element::{El, bare, el, nothing};
use super::field_error::field_error;
use super::icon::icon;
use super::text_field::{Text, text_field};
use crate::browser::media::{probe, toggle};
use crate::browser::page;
use crate::model::complaint::{Place, TrackId};
use crate::model::{draft, draft::Draft, media, media::Probe, words};
use crate::state::{Studio, given, studio::PICTURE};

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
    let (studio, place) = (given::<Studio>(), Place::Track(id));
    let audio = studio.draft.with_untracked(|draft| draft.track(id).map(|it| it.audio.clone()).unwrap_or_default());
    let file = media::file_name(&audio).to_owned();
    let name = move || studio.draft.with(|draft| draft.track(id).map(draft::Track::name).unwrap_or_default());
    let language = Text { place, read: label, write: label_mut, check: Studio::check_settings };
    let remove = blank_button("btn quiet round", move || {
        studio.remove_voice(id);
        page::focus_soon(Place::Voice.id());
    })
    .follow("aria-label", move || Some(["Remove ", &name()].concat()))
    .child(icon("remove"));
    el("li", "track")
        .child(text_field(language, "Language", "Language", "input bare"))
        .child(el("span", "file").put("title", audio.clone()).word(file))
        .child(el("span", "num").says(move || studio.probe(id).duration_ms().map(words::length).unwrap_or_default()))
        .child(player(id, audio, name))
        .child(remove)
        .live(move || note(studio.probe(id), studio.probe(PICTURE)))
        .child(field_error(place))
}

/// Plays the voice, and learns its length. Whether it plays, the element says.
fn player(id: TrackId, audio: String, name: impl Fn() -> String + Send + 'static) -> El {
    let studio = given::<Studio>();
    let is_playing = RwSignal::new(false);
    let says = move || Some([if is_playing.get() { "Pause " } else { "Play " }, &name()].concat());
    let button = bare("button")
        .set("type", "button")
        .set("class", "btn quiet round")
        .follow("aria-label", says)
        .on("click", |event| toggle(&event))
        .live(move || icon(if is_playing.get() { "pause" } else { "play" }).into());
    let audio = bare("audio")
        .put("src", audio)
        .set("preload", "metadata")
        .on("play", move |_| is_playing.set(true))
        .on("pause", move |_| is_playing.set(false))
        .on("error", move |_| studio.learn(id, Probe::Closed))
        .on("loadedmetadata", move |event| studio.learn(id, probe(&event)));
    el("span", "player").child(button).child(audio)
}

fn note(voice: Probe, video: Probe) -> AnyView {
    let text = match media::overhang_s(voice, video) {
        Some(over_s) => {
            [&over_s.to_string(), " s longer than the video. The last frame holds until the voice ends."].concat()
        }
        None if voice == Probe::Closed => "Could not look inside this link".to_owned(),
        None => return nothing(),
    };
    el("p", "note").word(text).into()
}
