//! The bar that is always in sight: how much, how long, go.

use leptos::{prelude::*, task::spawn_local};

use super::button::{blank_button, button};
use super::element::{El, bare, el, nothing};
use crate::browser::page;
use crate::model::{complaint::Place, draft::Draft, words};
use crate::state::{Session, Studio, Uploads, Watcher, given, submit};

/// The submit bar. Its button is never dead: where something is missing, it takes the visitor there.
pub fn submit_bar() -> El {
    let (studio, session, watcher, uploads) =
        (given::<Studio>(), given::<Session>(), given::<Watcher>(), given::<Uploads>());
    let is_done = Memo::new(move |_| studio.draft.with(|draft| draft.voices() > 0 && draft.due().is_empty()));
    let go = move || {
        if studio.is_waiting.get_untracked() {
            studio.is_waiting.set(false);
            studio.set_press("");
        } else if !is_done.get_untracked() {
            spawn_local(submit::submit(studio, session, watcher, uploads, true));
        }
    };
    spawn_local(submit::submit(studio, session, watcher, uploads, false));
    let text = bare("p")
        .set("role", "status")
        .child(el("b", "num").says(move || amount(studio, session)))
        .child(bare("small").says(move || outlook(studio, session, uploads)));
    let button = blank_button("btn primary", go)
        .put("id", Place::Bar.id())
        .follow("aria-disabled", move || {
            (is_done.get() || (studio.is_sending.get() && !studio.is_waiting.get())).then_some("true")
        })
        .says(move || label(studio));
    let row = el("div", "submit")
        .child(text)
        .live(move || if is_done.get() { start_over(studio).into() } else { nothing() })
        .child(button);
    el("section", "card submit-bar").set("aria-label", "Dub").child(mishap(studio)).child(row)
}

/// What went wrong with the last press of the button.
fn mishap(studio: Studio) -> El {
    bare("div").set("role", "alert").live(move || match studio.complaint(Place::Bar) {
        Some(detail) => el("p", "notice").set("data-tone", "bad").word(detail).into(),
        None => nothing(),
    })
}

/// Empties the draft; its dubs stay in the library.
fn start_over(studio: Studio) -> El {
    button("btn quiet", "Start over", move || {
        studio.replace(Draft::default());
        page::focus_quietly("main");
        page::scroll_to_top();
    })
}

fn due(studio: Studio) -> usize {
    studio.draft.with(|draft| draft.due().len())
}

fn label(studio: Studio) -> String {
    let tracks = studio.draft.with(Draft::voices);
    match (studio.is_sending.get(), due(studio)) {
        _ if studio.is_waiting.get() => "Stop waiting".to_owned(),
        (true, _) => "Dubs on their way".to_owned(),
        (false, 0) if tracks == 1 => "Dub sent".to_owned(),
        (false, 0) if tracks > 1 => "Dubs sent".to_owned(),
        (false, 0) => "Dub video".to_owned(),
        (false, 1) => "Dub 1 track".to_owned(),
        (false, due) => ["Dub ", &due.to_string(), " tracks"].concat(),
    }
}

/// `3 dubs · 2:08 of speech`, and the cost where the operator has set a price.
fn amount(studio: Studio, session: Session) -> String {
    let due = studio.draft.with(Draft::due);
    let has_tracks = studio.draft.with(Draft::voices) > 0;
    if due.is_empty() {
        return if has_tracks { "All sent" } else { "Nothing to dub yet" }.to_owned();
    }
    let dubs = words::count(due.len(), "dub");
    let Some(speech_ms) = due.iter().map(|id| studio.probe(*id).duration_ms()).sum::<Option<i64>>() else {
        return dubs;
    };
    let speech = [&dubs, " · ", &words::length(speech_ms), " of speech"].concat();
    match session.with(|config| config.and_then(|config| config.price_per_second_usd)) {
        #[expect(clippy::cast_precision_loss, reason = "a voice has far fewer milliseconds than a float has digits")]
        Some(price) => [&speech, " · ", &words::usd(price * speech_ms as f64 / 1_000.0)].concat(),
        None => speech,
    }
}

/// What is missing, or how long it takes.
fn outlook(studio: Studio, session: Session, uploads: Uploads) -> String {
    let (has_video, has_voice) = studio.draft.with(|draft| (!draft.video.is_none(), draft.voices() > 0));
    let (_, waited_for) = uploads.waited_for();
    if let Some(place) = waited_for.first().filter(|_| has_video && has_voice) {
        let name = studio.draft.with(|draft| draft.source(*place).name().to_owned());
        let others = match waited_for.len() - 1 {
            0 => String::new(),
            others => [" and ", &words::count(others, "other file")].concat(),
        };
        let then = if studio.is_waiting.get() { ", then sending" } else { "" };
        return ["Uploading ", &name, &others, then, "."].concat();
    }
    match (has_video, has_voice) {
        (false, false) => "Add a video and a voice.".to_owned(),
        (false, true) => "A video is missing.".to_owned(),
        (true, false) => "A voice is missing.".to_owned(),
        (true, true) if due(studio) == 0 => "Change something to dub again.".to_owned(),
        (true, true) => match session.with(|config| config.map(|config| config.estimate_s)) {
            Some(estimate_s) => ["About ", &words::about(estimate_s), " each. They run while you are away."].concat(),
            None => "They run while you are away.".to_owned(),
        },
    }
}
