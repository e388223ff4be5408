//! A dub on its way.

use contract::{Dub, Media, Phase};
use leptos::prelude::*;

use super::{screen::Screen, steps::Steps};
use crate::browser::clock::parse_ms;
use crate::model::progress::{self, Elapsed};
use crate::model::words;
use crate::state::{Clock, given, watcher::Follow};

/// The original picture, and how far the dub has come.
#[component]
pub fn Moving(
    /// The dub.
    dub: Follow,
) -> impl IntoView {
    let clock = given::<Clock>();
    view! {
        {dub.now().as_ref().map(original)}
        <section class="card" aria-labelledby="moving-heading">
            <header>
                <h2 id="moving-heading">{move || dub.read(progress::heading)}</h2>
                <span class="hint num">{move || dub.read(|dub| pace(dub, clock))}</span>
            </header>
            <div class="body">
                <Steps dub/>
                {move || dub.read(|dub| worry(dub, clock)).flatten()}
                <p class="hint">"You can close this page. The dub stays in your library."</p>
            </div>
        </section>
    }
}

/// The original picture of a dub.
pub fn original(dub: &Dub) -> AnyView {
    match &dub.input.video {
        Media::Url(src) => view! { <Screen src=src.clone() name="Original picture".to_owned()/> }.into_any(),
        Media::UploadId(_) => ().into_any(),
    }
}

/// Since the provider took it; nothing before.
pub fn elapsed(dub: &Dub, clock: Clock) -> Option<Elapsed> {
    let started_ms = parse_ms(dub.started_at.as_deref()?)?;
    Some(Elapsed { elapsed_ms: (clock.now_ms() - started_ms).max(0), estimate_s: dub.estimate_s })
}

/// Its place in the queue, or how long it has been worked on.
fn pace(dub: &Dub, clock: Clock) -> String {
    match (dub.phase, dub.queue_position) {
        (Phase::Queued, Some(place)) => words::ordinal(place) + " in the queue",
        _ => elapsed(dub, clock).map(Elapsed::text).unwrap_or_default(),
    }
}

/// Why it waits, or that it takes long.
fn worry(dub: &Dub, clock: Clock) -> Option<AnyView> {
    let waits = dub.problem.as_ref().map(|problem| problem.detail.clone());
    let is_late = || elapsed(dub, clock).is_some_and(Elapsed::is_late);
    let text = waits.or_else(|| is_late().then(|| "This takes longer than usual. Nothing is lost.".to_owned()))?;
    Some(view! { <p class="note">{text}</p> }.into_any())
}
