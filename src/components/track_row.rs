//! One voice: what language it speaks, how long it is, how it sounds.

use leptos::prelude::*;

use super::{field_error::FieldError, icon::Icon, press::press, text_field::TextField};
use crate::browser::media::{probe, toggle};
use crate::model::complaint::{Place, TrackId};
use crate::model::{draft, media, media::Probe, words};
use crate::state::{Session, Studio, given, studio::PICTURE};

/// The row of a voice.
#[component]
pub fn TrackRow(
    /// The track.
    id: TrackId,
) -> impl IntoView {
    let (studio, session, place) = (given::<Studio>(), given::<Session>(), Place::Track(id));
    let label =
        Memo::new(move |_| studio.draft.with(|draft| draft.track(id).map(|it| it.label.clone()).unwrap_or_default()));
    let audio = studio.draft.with_untracked(|draft| draft.track(id).map(|it| it.audio.clone()).unwrap_or_default());
    let file = media::file_name(&audio).to_owned();
    let link = audio.clone();
    let name = Memo::new(move |_| draft::name(&label.get(), &link));
    let rename = Callback::new(move |typed| {
        studio.change(place, |draft| {
            if let Some(track) = draft.track_mut(id) {
                track.label = typed;
            }
        });
    });
    let check = Callback::new(move |()| studio.check_settings(place, session));
    view! {
        <li class="track">
            <TextField place name="Language" hint="Language" class="bare" value=label on_input=rename on_leave=check/>
            <span class="file" title=audio.clone()>{file}</span>
            <span class="num">{move || length(studio.probe(id))}</span>
            <Player id audio name/>
            <button class="btn quiet round" aria-label=move || ["Remove ", &name.get()].concat()
                on:click=press(move || studio.remove_voice(id))><Icon name="remove"/></button>
            {move || note(studio, id)}
            <FieldError place/>
        </li>
    }
}

/// Plays the voice, and learns its length. Whether it plays, the element says.
#[component]
fn Player(id: TrackId, audio: String, name: Memo<String>) -> impl IntoView {
    let studio = given::<Studio>();
    let element = NodeRef::<leptos::html::Audio>::new();
    let is_playing = RwSignal::new(false);
    let play = press(move || {
        if let Some(audio) = element.get_untracked() {
            toggle(&audio);
        }
    });
    view! {
        <button class="btn quiet round" aria-label=move || says(is_playing.get(), &name.get()) on:click=play>
            {move || view! { <Icon name=if is_playing.get() { "pause" } else { "play" }/> }.into_any()}
        </button>
        <audio node_ref=element src=audio preload="metadata" on:play=move |_| is_playing.set(true)
            on:pause=move |_| is_playing.set(false) on:error=move |_| studio.learn(id, Probe::Closed)
            on:loadedmetadata=move |event| studio.learn(id, probe(&event))></audio>
    }
}

fn says(is_playing: bool, name: &str) -> String {
    [if is_playing { "Pause " } else { "Play " }, name].concat()
}

fn length(voice: Probe) -> String {
    voice.duration_ms().map(words::length).unwrap_or_default()
}

fn note(studio: Studio, id: TrackId) -> Option<AnyView> {
    let voice = studio.probe(id);
    let text = match media::overhang_s(voice, studio.probe(PICTURE)) {
        Some(over_s) => {
            [&over_s.to_string(), " s longer than the video. The last frame holds until the voice ends."].concat()
        }
        None if voice == Probe::Closed => "Could not look inside this link".to_owned(),
        None => return None,
    };
    Some(view! { <p class="note">{text}</p> }.into_any())
}
