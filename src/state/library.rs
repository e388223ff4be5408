//! The visitor's dubs, a page at a time. Which they are is kept here, what they look like in the watcher.

use contract::{Dub, DubId};
use leptos::{prelude::*, task::spawn_local};

use super::Watcher;
use crate::api::{self, ApiError};

/// How the list is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shelf {
    /// An answer is on its way.
    Loading,
    /// Everything asked for is there.
    Filled,
    /// The last question went wrong; says how.
    Broken(String),
}

/// The list.
#[derive(Debug, Clone, Copy)]
pub struct Library {
    /// The dubs, newest first.
    pub dubs: RwSignal<Vec<DubId>>,
    /// How the list is doing.
    pub shelf: RwSignal<Shelf>,
    cursor: RwSignal<Option<String>>,
}

impl Library {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self { dubs: RwSignal::new(Vec::new()), shelf: RwSignal::new(Shelf::Loading), cursor: RwSignal::new(None) }
    }

    /// Whether there are older dubs than those listed.
    pub fn has_more(self) -> bool {
        self.cursor.with(Option::is_some)
    }

    /// Asks for the newest dubs; what is listed stays until the answer is there.
    pub fn reload(self, watcher: Watcher) {
        self.cursor.set(None);
        self.load(watcher);
    }

    /// Asks for the next page.
    pub fn load(self, watcher: Watcher) {
        let cursor = self.cursor.get_untracked();
        self.shelf.set(Shelf::Loading);
        spawn_local(async move {
            match api::dubs(cursor.as_deref()).await {
                Ok(page) => {
                    self.take(page.dubs, cursor.is_none(), watcher);
                    self.cursor.set(page.next_cursor);
                    self.shelf.set(Shelf::Filled);
                }
                Err(ApiError::Lost) => self.shelf.set(Shelf::Broken("The server does not answer.".into())),
                Err(ApiError::Refused(problem)) => self.shelf.set(Shelf::Broken(problem.detail)),
            }
        });
    }

    fn take(self, dubs: Vec<Dub>, is_first_page: bool, watcher: Watcher) {
        let ids: Vec<DubId> = dubs.iter().map(|dub| dub.id.clone()).collect();
        for dub in dubs {
            watcher.put(dub);
        }
        self.dubs.update(|listed| {
            if is_first_page {
                listed.clear();
            }
            listed.extend(ids);
        });
    }
}

impl Default for Library {
    fn default() -> Self {
        Self::new()
    }
}
