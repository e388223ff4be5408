//! A dub on its way.

use contract::{Dub, Phase};
use leptos::prelude::*;

use super::{screen::Screen, steps::Steps};
use crate::browser::clock::parse_ms;
use crate::model::progress::{self, Elapsed};
use crate::model::words;
use crate::state::{Clock, given};

/// The original picture, and how far the dub has come.
#[component]
pub fn Moving(
    /// The dub.
    dub: Memo<Dub>,
) -> impl IntoView {
    let clock = given::<Clock>();
    let elapsed = Memo::new(move |_| elapsed(&dub.read(), clock));
    let pace = move || match (dub.read().phase, dub.read().queue_position) {
        (Phase::Queued, Some(place)) => words::ordinal(place) + " in the queue",
        _ => elapsed.get().map(Elapsed::text).unwrap_or_default(),
    };
    let worry = move || {
        let waits = dub.read().problem.as_ref().map(|problem| problem.detail.clone());
        let is_late = elapsed.get().is_some_and(Elapsed::is_late);
        let text = waits.or_else(|| is_late.then(|| "This takes longer than usual. Nothing is lost.".to_owned()));
        text.map(|text| view! { <p class="note">{text}</p> })
    };
    view! {
        {original(&dub.read_untracked())}
        <section class="card" aria-labelledby="moving-heading">
            <header><h2 id="moving-heading">{move || progress::heading(&dub.read())}</h2><span class="hint num">{pace}</span></header>
            <div class="body">
                <Steps dub elapsed/>
                {worry}
                <p class="hint">"You can close this page. The dub stays in your library."</p>
            </div>
        </section>
    }
}

/// The original picture of a dub.
pub fn original(dub: &Dub) -> Option<impl IntoView + use<>> {
    match &dub.input.video {
        contract::Media::Url(src) => Some(view! { <Screen src=src.clone() name="Original picture".to_owned()/> }),
        contract::Media::UploadId(_) => None,
    }
}

/// Since the provider took it; nothing before.
fn elapsed(dub: &Dub, clock: Clock) -> Option<Elapsed> {
    let started_ms = parse_ms(dub.started_at.as_deref()?)?;
    Some(Elapsed { elapsed_ms: (clock.now_ms() - started_ms).max(0), estimate_s: dub.estimate_s })
}
