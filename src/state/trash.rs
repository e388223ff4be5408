//! Deleting with a way back: the server is asked once the time for that is over, or the page is left.

use contract::{DubId, routes};
use leptos::{prelude::*, task::spawn_local};

use super::{Studio, Watcher};
use crate::api::{self, ApiError};
use crate::browser::{clock::now_ms, leave, nap};

/// How long it can be undone.
const UNDO_MS: i32 = 8_000;
/// The pause before a server that did not answer is asked again.
const AGAIN_MS: i32 = 5_000;

/// What its owner has deleted and the server still has; which that is, the [`Watcher`] notes at the dubs.
#[derive(Debug, Clone, Copy)]
pub struct Trash {
    watcher: Watcher,
    studio: Studio,
}

impl Trash {
    /// Nothing is deleted.
    pub fn new(watcher: Watcher, studio: Studio) -> Self {
        Self { watcher, studio }
    }

    /// Deletes what is held when the page is left.
    pub fn start(self) {
        leave::on_leaving(move || {
            for id in self.watcher.held() {
                leave::delete(&routes::dub(&id.0));
                self.end(&id);
            }
        });
    }

    /// Whether a dub is deleted, and can still be brought back.
    pub fn holds(self, id: &DubId) -> bool {
        self.watcher.held_since(id) != 0
    }

    /// Deletes a dub, unless it is undone in time.
    pub fn put(self, id: DubId) {
        // The time of the press tells it from an earlier one that was undone.
        let pressed_ms = now_ms();
        self.watcher.hold(&id, pressed_ms);
        spawn_local(async move {
            let mut pause_ms = UNDO_MS;
            loop {
                let _ = nap::pause(pause_ms).await;
                if untrack(|| self.watcher.held_since(&id)) != pressed_ms {
                    return;
                }
                match api::delete(&id.0).await {
                    Ok(()) => return self.end(&id),
                    // It stays as it is, and is seen again.
                    Err(ApiError::Refused(_)) => return self.undo(&id),
                    Err(ApiError::Lost) => pause_ms = AGAIN_MS,
                }
            }
        });
    }

    /// Brings a dub back.
    pub fn undo(self, id: &DubId) {
        self.watcher.hold(id, 0);
    }

    fn end(self, id: &DubId) {
        self.undo(id);
        self.watcher.lose(id);
        self.studio.forget(id);
    }
}
