//! The visitor's dubs, a page at a time. Which they are is kept here, what they look like in the watcher.

use contract::{DubId, DubPage};
use leptos::{prelude::*, task::spawn_local};

use super::Watcher;
use crate::api::{self, ApiError};

/// How the list is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Status {
    /// An answer is on its way.
    #[default]
    Loading,
    /// Everything asked for is there.
    Filled,
    /// The last question went wrong; says how.
    Broken(String),
}

/// What is listed.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// The dubs, newest first.
    pub dubs: Vec<DubId>,
    /// How the list is doing.
    pub status: Status,
    /// Where the older ones start, if there are any.
    pub cursor: Option<String>,
}

/// The list.
#[derive(Debug, Clone, Copy)]
pub struct Library {
    /// What is listed.
    pub shelf: RwSignal<Shelf>,
}

impl Library {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self { shelf: RwSignal::new(Shelf::default()) }
    }

    /// The ids of the listed dubs.
    pub fn ids(self) -> Vec<String> {
        self.shelf.with(|shelf| shelf.dubs.iter().map(|id| id.0.clone()).collect())
    }

    /// Asks for the newest dubs; what is listed stays until the answer is there.
    pub fn reload(self, watcher: Watcher) {
        self.ask(None, watcher);
    }

    /// Asks for the next page.
    pub fn load(self, watcher: Watcher) {
        self.ask(self.shelf.with_untracked(|shelf| shelf.cursor.clone()), watcher);
    }

    fn ask(self, cursor: Option<String>, watcher: Watcher) {
        self.shelf.update(|shelf| shelf.status = Status::Loading);
        spawn_local(async move {
            match api::dubs(cursor.as_deref()).await {
                Ok(page) => self.take(page, cursor.is_none(), watcher),
                Err(error) => self.shelf.update(|shelf| shelf.status = Status::Broken(words(error))),
            }
        });
    }

    fn take(self, page: DubPage, is_first: bool, watcher: Watcher) {
        self.shelf.update(|shelf| {
            if is_first {
                shelf.dubs.clear();
            }
            shelf.dubs.extend(page.dubs.iter().map(|dub| dub.id.clone()));
            shelf.cursor = page.next_cursor;
            shelf.status = Status::Filled;
        });
        for dub in page.dubs {
            watcher.put(dub);
        }
    }
}

fn words(error: ApiError) -> String {
    match error {
        ApiError::Lost => "The server does not answer.".to_owned(),
        ApiError::Refused(problem) => problem.detail,
    }
}

impl Default for Library {
    fn default() -> Self {
        Self::new()
    }
}
