//! A dub on its way.

use contract::{Dub, Media, Phase, routes};
use leptos::prelude::{AnyView, Get, RwSignal};

use super::dub_endings::{Said, cancel, warning};
use super::element::{El, bare, el, nothing};
use super::screen::screen;
use super::steps::steps;
use crate::browser::clock::parse_ms;
use crate::model::progress::{self, Elapsed};
use crate::model::words;
use crate::state::{Clock, given, watcher::Follow};

/// The original picture, and how far the dub has come.
pub fn moving(dub: &Dub, follow: Follow) -> El {
    let clock = given::<Clock>();
    let header = bare("header")
        .child(bare("h2").says(move || follow.read(progress::heading).unwrap_or_default()))
        .child(el("span", "hint num").says(move || follow.read(|dub| pace(dub, clock)).unwrap_or_default()));
    let said: Said = RwSignal::new(None);
    let hint = el("p", "hint")
        .set("aria-live", "polite")
        .says(move || said.get().or_else(|| follow.read(outlook)).unwrap_or_default());
    let body = el("div", "body")
        .child(steps(follow))
        .live(move || follow.read(|dub| worry(dub, clock)).unwrap_or_else(nothing))
        .child(el("div", "actions").child(hint).child(cancel("btn", dub, said)));
    el("div", "panel").child(original(dub)).child(el("section", "card").child(header).child(body))
}

/// The original picture of a dub.
pub fn original(dub: &Dub) -> AnyView {
    let src = match &dub.input.video {
        Media::Url(link) => link.clone(),
        Media::UploadId(id) => routes::media(id, "file"),
    };
    screen(src, "Original picture".to_owned()).into()
}

/// Since the provider took it; nothing before.
pub fn elapsed(dub: &Dub, clock: Clock) -> Option<Elapsed> {
    let started_ms = parse_ms(dub.started_at.as_deref()?)?;
    Some(Elapsed { elapsed_ms: (clock.now_ms() - started_ms).max(0), estimate_s: dub.estimate_s })
}

/// What its owner can do meanwhile, and what that may cost.
fn outlook(dub: &Dub) -> String {
    ["You can close this page. The dub stays in your library. ", warning(dub)].concat()
}

/// Its place in the queue, or how long it has been worked on.
fn pace(dub: &Dub, clock: Clock) -> String {
    match (dub.phase, dub.queue_position) {
        (Phase::Queued, Some(place)) => {
            let estimate = dub.estimate_s.map(|s| ", then about ".to_owned() + &words::about(s)).unwrap_or_default();
            words::ordinal(place) + " in the queue" + &estimate
        }
        _ => elapsed(dub, clock).map(Elapsed::text).unwrap_or_default(),
    }
}

/// Why it waits, or that it takes long.
fn worry(dub: &Dub, clock: Clock) -> AnyView {
    let is_late = || elapsed(dub, clock).is_some_and(Elapsed::is_late);
    match &dub.problem {
        Some(problem) => el("p", "note").word(problem.detail.clone()).into(),
        None if is_late() => el("p", "note").text("This takes longer than usual. Nothing is lost.").into(),
        None => nothing(),
    }
}
