//! The four steps of a dub.

use contract::Dub;

use super::element::{El, bare, el};
use super::moving::elapsed;
use crate::browser::clock::parse_ms;
use crate::model::progress::{Elapsed, STEPS, step};
use crate::model::words;
use crate::state::{Clock, given, watcher::Follow};

/// Queued, sent, generating, saving: what is over, what is going on, how far along.
pub fn steps(dub: Follow) -> El {
    let clock = given::<Clock>();
    STEPS.iter().enumerate().fold(el("ol", "steps"), |list, (nth, name)| list.child(one(nth, name, dub, clock)))
}

fn one(nth: usize, name: &'static str, dub: Follow, clock: Clock) -> El {
    let now = move || dub.read(|dub| step(dub.phase)).unwrap_or(0);
    bare("li")
        .follow("data-step", move || Some(state(nth, now())))
        .follow("aria-current", move || (now() == nth).then_some("step"))
        .style("--done", move || dub.read(|dub| share(nth, dub, clock)).unwrap_or_default())
        .text(name)
        .child(el("small", "num").says(move || dub.read(|dub| remark(nth, dub)).unwrap_or_default()))
}

fn state(nth: usize, now: usize) -> &'static str {
    match nth.cmp(&now) {
        std::cmp::Ordering::Less => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Greater => "next",
    }
}

/// How much of a step's bar is full while the step goes on. Only generating has an estimate.
fn share(nth: usize, dub: &Dub, clock: Clock) -> String {
    let percent = if nth == 2 { elapsed(dub, clock).map(Elapsed::percent) } else { None };
    percent.unwrap_or(50).to_string() + "%"
}

/// How long the dub had to wait, under the step that it waited for.
fn remark(nth: usize, dub: &Dub) -> String {
    let waited_ms = || Some(parse_ms(dub.started_at.as_deref()?)? - parse_ms(&dub.created_at)?);
    match waited_ms().filter(|_| nth == 1) {
        Some(waited_ms) if waited_ms < 1_000 => "at once".to_owned(),
        Some(waited_ms) => {
            let waited = words::about(u32::try_from(waited_ms / 1_000).unwrap_or(u32::MAX));
            ["after ", &waited, " in the queue"].concat()
        }
        None => String::new(),
    }
}
