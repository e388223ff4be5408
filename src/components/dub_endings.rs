//! How its owner ends a dub: cancelled while it is on its way or nobody knows about it, deleted once it is not.

use contract::{Dub, DubId, Phase};
use leptos::{prelude::*, task::spawn_local};

use super::button::{blank_button, button};
use super::dub_actions::refused;
use super::element::{El, bare, el, nothing};
use crate::api::ApiError;
use crate::browser::page;
use crate::model::progress;
use crate::state::{Session, Trash, Watcher, given, naming::full_name, submit, trash, watcher::Deletion};

/// What is said about a wish to cancel, once there is something to say.
pub type Said = RwSignal<Option<String>>;

/// What it may cost to cancel a dub; told before that can be pressed.
pub fn warning(dub: &Dub) -> &'static str {
    match dub.phase {
        Phase::Queued | Phase::Staging => "",
        _ => "If you cancel it, what is made by then may be charged.",
    }
}

/// Cancels a dub, where the server can; what became of that is `said`.
pub fn cancel(class: &'static str, dub: &Dub, said: Said) -> AnyView {
    if !given::<Session>().has(|features| features.cancel) {
        return nothing();
    }
    let (watcher, id, name) = (given::<Watcher>(), dub.id.clone(), full_name(dub));
    let is_asked = RwSignal::new(false);
    let act = move || {
        if is_asked.get_untracked() {
            return;
        }
        is_asked.set(true);
        let id = id.clone();
        spawn_local(async move {
            let answer = submit::cancel(&id, watcher).await;
            is_asked.try_set(answer.is_ok());
            said.try_set(Some(match answer {
                Ok(()) => "It is being cancelled. What was made until then may still be charged.".to_owned(),
                Err(ApiError::Lost) => "The connection was lost. Press again.".to_owned(),
                Err(ApiError::Refused(problem)) => problem.detail,
            }));
        });
    };
    let says = move || if is_asked.get() { "Cancelling" } else { "Cancel" };
    blank_button(class, act)
        .follow("aria-label", move || Some([says(), " ", &name].concat()))
        .follow("aria-disabled", move || is_asked.get().then_some("true"))
        .says(move || says().to_owned())
        .into()
}

/// Deletes a dub, and leaves the focus where that is undone. Says so where the server did not.
pub fn delete(class: &'static str, dub: &Dub) -> El {
    let (trash, id) = (given::<Trash>(), dub.id.clone());
    let at = trash::button(&id);
    let press = button(class, "Delete", {
        let id = id.clone();
        move || {
            trash.put(id.clone());
            page::focus_soon(trash::button(&id));
        }
    });
    let why = move || match trash.deletion(&id) {
        Deletion::Refused(detail) => Some("It was not deleted. ".to_owned() + &detail),
        _ => None,
    };
    el("div", "act")
        .child(press.put("id", at).put("aria-label", "Delete ".to_owned() + &full_name(dub)))
        .child(refused(why))
}

/// In the place of a deleted dub: the way back, for as long as there is one.
pub fn deleted(class: &'static str, dub: &Dub) -> El {
    let (trash, id, name) = (given::<Trash>(), dub.id.clone(), progress::name(dub));
    let way_back = {
        let id = id.clone();
        move || match trash.deletion(&id) {
            Deletion::Held(_) => undo(trash, id.clone()).into(),
            _ => nothing(),
        }
    };
    let words = move || match trash.deletion(&id) {
        Deletion::Held(_) => [&name, " was deleted."].concat(),
        Deletion::Sent { is_late: true } => ["The server does not answer. ", &name, " may still be there."].concat(),
        _ => [&name, " is being deleted."].concat(),
    };
    el("div", class).child(bare("p").set("role", "status").says(words)).live(way_back)
}

fn undo(trash: Trash, id: DubId) -> El {
    let at = trash::button(&id);
    let undo = button("btn", "Undo", move || {
        trash.undo(&id);
        page::focus_soon(trash::button(&id));
    });
    undo.put("id", at)
}
