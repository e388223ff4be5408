//! Dubs without a video: failed, ended, of unknown fate, or with one that is not kept any more.

use contract::Dub;
use leptos::prelude::{Get, RwSignal};

use super::dub_actions::{Again, edit_again, resubmit, try_again};
use super::dub_endings::{Said, cancel, delete, warning};
use super::element::{El, bare, el};
use super::moving::original;
use crate::model::progress;
use crate::state::{Session, given};

/// What happened, what it cost, what to do.
pub fn failed(dub: &Dub, again: Again) -> El {
    let detail = dub.problem.as_ref().map_or("No reason was given.", |problem| &problem.detail);
    let text = bare("p").word([detail, " ", &charge(dub)].concat());
    notice(dub, "bad", text, el("div", "actions").child(try_again(dub, again)))
}

/// Its owner ended it, or its video is not kept any more.
pub fn cancelled(dub: &Dub) -> El {
    let detail = dub.problem.as_ref().map_or("", |problem| &problem.detail);
    let text = bare("p").word([detail, " ", &charge(dub)].concat());
    notice(dub, "warn", text, el("div", "actions"))
}

/// Why nobody knows, and the choice that only its owner can make.
pub fn unconfirmed(dub: &Dub) -> El {
    let detail = dub.problem.as_ref().map_or("It may be running and may be charged.", |problem| &problem.detail);
    let why = [detail, " If it turns up, this page says so. ", warning(dub)].concat();
    let said: Said = RwSignal::new(None);
    let words = bare("p").set("aria-live", "polite").says(move || said.get().unwrap_or_else(|| why.clone()));
    let actions = el("div", "actions").child(resubmit(&dub.id)).child(cancel("btn", dub, said));
    notice(dub, "warn", words, actions)
}

fn charge(dub: &Dub) -> String {
    progress::charge(dub, given::<Session>().is_sandbox())
}

fn notice(dub: &Dub, tone: &'static str, text: El, actions: El) -> El {
    let words = bare("div").child(bare("h2").word(progress::heading(dub))).child(text);
    let actions = actions.child(edit_again(dub)).child(delete("btn", dub));
    let notice = el("div", "notice").set("data-tone", tone).child(words).child(actions);
    el("div", "panel").child(original(dub)).child(notice)
}
