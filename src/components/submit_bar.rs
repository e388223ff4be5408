//! The bar that is always in sight: how much, how long, go.

use leptos::{prelude::*, task::spawn_local};

use super::{button::button, mishap::MishapNotice, press::press};
use crate::browser::page;
use crate::model::{complaint::Place, draft::Draft, words};
use crate::state::{Session, Studio, Watcher, given, submit};

/// The submit bar. Its button is never dead: where something is missing, it takes the visitor there.
#[component]
pub fn SubmitBar() -> impl IntoView {
    let (studio, session, watcher) = (given::<Studio>(), given::<Session>(), given::<Watcher>());
    let is_done = Memo::new(move |_| studio.draft.with(|draft| !draft.tracks.is_empty() && draft.due().is_empty()));
    let go = press(move || {
        if !is_done.get_untracked() {
            spawn_local(submit::submit(studio, session, watcher));
        }
    });
    view! {
        <section class="card submit-bar" aria-label="Dub">
            <MishapNotice/>
            <div class="submit">
                <p><b class="num">{move || amount(studio, session)}</b><small>{move || outlook(studio, session)}</small></p>
                {move || is_done.get().then(|| start_over(studio))}
                <button class="btn primary" id=Place::Bar.id() aria-disabled=move || (is_done.get() || studio.is_sending.get()).then_some("true") on:click=go>{move || label(studio)}</button>
            </div>
        </section>
    }
}

/// Empties the draft; its dubs stay in the library.
fn start_over(studio: Studio) -> AnyView {
    button("btn quiet", "Start over", move || {
        studio.replace(Draft::default());
        page::focus("main");
    })
}

fn due(studio: Studio) -> usize {
    studio.draft.with(|draft| draft.due().len())
}

fn label(studio: Studio) -> String {
    let tracks = studio.draft.with(|draft| draft.tracks.len());
    match (studio.is_sending.get(), due(studio)) {
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
    let has_tracks = studio.draft.with(|draft| !draft.tracks.is_empty());
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
fn outlook(studio: Studio, session: Session) -> String {
    let (has_video, has_voice) = studio.draft.with(|draft| (!draft.video.is_empty(), !draft.tracks.is_empty()));
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
