//! How its owner ends a dub: cancelled while it is on its way, deleted once it is not.

use contract::{Dub, DubId};
use leptos::{prelude::*, task::spawn_local};

use super::button::{blank_button, button};
use super::element::{El, bare, el};
use crate::api::ApiError;
use crate::browser::page;
use crate::model::progress;
use crate::state::{Trash, Watcher, given, submit};

/// What is said about a wish to cancel, once there is something to say.
pub type Said = RwSignal<Option<String>>;

/// Cancels a dub; what became of that is `said`.
pub fn cancel(class: &'static str, id: &DubId, said: Said) -> El {
    let (watcher, id) = (given::<Watcher>(), id.clone());
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
    blank_button(class, act)
        .follow("aria-disabled", move || is_asked.get().then_some("true"))
        .says(move || if is_asked.get() { "Cancelling" } else { "Cancel" }.to_owned())
}

/// Deletes a dub, and leaves the focus where that is undone.
pub fn delete(class: &'static str, id: &DubId) -> El {
    let (trash, id) = (given::<Trash>(), id.clone());
    let at = place(&id);
    button(class, "Delete", move || {
        trash.put(id.clone());
        page::focus_soon(place(&id));
    })
    .put("id", at)
}

/// In the place of a deleted dub: the way back.
pub fn deleted(class: &'static str, dub: &Dub) -> El {
    let (trash, id) = (given::<Trash>(), dub.id.clone());
    let at = place(&id);
    let undo = button("btn", "Undo", move || {
        trash.undo(&id);
        page::focus_soon(place(&id));
    });
    el("div", class).child(bare("p").word(progress::name(dub) + " was deleted.")).child(undo.put("id", at))
}

/// The id of the button that deletes a dub, and of the one in its place that brings it back.
fn place(id: &DubId) -> String {
    ["delete-", &id.0].concat()
}
