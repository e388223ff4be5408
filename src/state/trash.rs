//! Deleting with a way back: the server is asked once the time for that is over, or the page is left. Then there is none.

use contract::DubId;
use leptos::{prelude::*, task::spawn_local};

use super::{Library, Watcher, watcher::Deletion};
use crate::api::{self, ApiError};
use crate::browser::{clock::now_ms, listen, nap, page};
use crate::model::complaint::Place;

/// How long it can be undone.
const UNDO_MS: i32 = 8_000;
/// The pause before a server that did not answer is asked again.
const AGAIN_MS: i32 = 5_000;

/// What its owner has deleted and the server still has; which that is, the [`Watcher`] notes at the dubs.
#[derive(Debug, Clone, Copy)]
pub struct Trash {
    watcher: Watcher,
    library: Library,
}

impl Trash {
    /// Nothing is deleted.
    pub fn new(watcher: Watcher, library: Library) -> Self {
        Self { watcher, library }
    }

    /// Deletes what is held when the page is left. A page that is come back to goes on with it.
    pub fn start(self) {
        listen::on_leaving(move || {
            for id in self.watcher.held() {
                spawn_local(self.send(id));
            }
        });
    }

    /// How far a dub's deletion is; inside of a closure that follows.
    pub fn deletion(self, id: &DubId) -> Deletion {
        self.watcher.deletion(id)
    }

    /// Deletes a dub, unless it is undone in time.
    pub fn put(self, id: DubId) {
        // The time of the press tells it from an earlier one that was undone.
        let held = Deletion::Held(now_ms());
        self.watcher.note(&id, held.clone());
        spawn_local(async move {
            let _ = nap::pause(UNDO_MS).await;
            if untrack(|| self.deletion(&id)) == held {
                self.send(id).await;
            }
        });
    }

    /// Brings a dub back.
    pub fn undo(self, id: &DubId) {
        self.watcher.note(id, Deletion::None);
    }

    /// Has the server delete a dub, which cannot be undone any more.
    async fn send(self, id: DubId) {
        self.pass_focus(&id);
        let mut is_late = false;
        loop {
            self.watcher.note(&id, Deletion::Sent { is_late });
            match api::delete(&id.0).await {
                Ok(()) => {
                    self.undo(&id);
                    return self.watcher.lose(&id);
                }
                // It stays as it is, and is seen again.
                Err(ApiError::Refused(problem)) => return self.watcher.note(&id, Deletion::Refused(problem.detail)),
                Err(ApiError::Lost) => is_late = true,
            }
            let _ = nap::pause(AGAIN_MS).await;
        }
    }

    /// Moves the focus on to where one goes on, if it is where this is undone: to the next dub, to what is sent in the
    /// studio, or to the page. Whichever of them is not there does not take it.
    fn pass_focus(self, id: &DubId) {
        if !page::is_at(&button(id)) {
            return;
        }
        let ids = untrack(|| self.library.ids(self.watcher));
        let at = ids.iter().position(|known| known == id).unwrap_or_default();
        page::focus_quietly("main");
        page::focus(&Place::Bar.id());
        if let Some(next) = ids.get(at + 1).or(ids.get(at.wrapping_sub(1))) {
            page::focus(&row(next));
        }
    }
}

/// The id of the button that deletes a dub, and of the one in its place that brings it back.
pub fn button(id: &DubId) -> String {
    ["delete-", &id.0].concat()
}

/// The id of a dub's link in the list.
pub fn row(id: &DubId) -> String {
    ["dub-", &id.0].concat()
}
