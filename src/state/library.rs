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
    /// The last question went wrong; says how. What was asked for is asked for again.
    Broken(String, Option<String>),
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
    /// Counts the questions: only the answer to the last one is taken.
    questions: StoredValue<u32>,
}

impl Library {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self { shelf: RwSignal::new(Shelf::default()), questions: StoredValue::new(0) }
    }

    /// The dubs to show: those that came since the list was asked for before those on it, without those that are gone.
    pub fn ids(self, watcher: Watcher) -> Vec<DubId> {
        self.shelf.with(|shelf| {
            let is_known = shelf.status == Status::Filled || !shelf.dubs.is_empty();
            let mut ids = if is_known { watcher.newer(&shelf.dubs) } else { Vec::new() };
            ids.extend(shelf.dubs.iter().filter(|id| !watcher.has_lost(id)).cloned());
            ids
        })
    }

    /// Asks for the newest dubs; what is listed stays until the answer is there.
    pub fn reload(self, watcher: Watcher) {
        self.ask(None, watcher);
    }

    /// Asks for the next page, or again for what could not be had.
    pub fn load(self, watcher: Watcher) {
        self.ask(self.next(), watcher);
    }

    /// Where what is asked for next starts.
    fn next(self) -> Option<String> {
        self.shelf.with_untracked(|shelf| match &shelf.status {
            Status::Broken(_, asked) => asked.clone(),
            _ => shelf.cursor.clone(),
        })
    }

    fn ask(self, cursor: Option<String>, watcher: Watcher) {
        let question = self.begin();
        spawn_local(async move {
            let answer = api::dubs(cursor.as_deref()).await;
            self.hear(question, cursor, answer, watcher);
        });
    }

    /// Notes that a question is on its way; gives its number.
    fn begin(self) -> u32 {
        self.shelf.update(|shelf| shelf.status = Status::Loading);
        self.questions.update_value(|questions| *questions += 1);
        self.questions.get_value()
    }

    /// Takes the answer to a question, unless another was asked since.
    fn hear(self, question: u32, cursor: Option<String>, answer: Result<DubPage, ApiError>, watcher: Watcher) {
        if self.questions.get_value() != question {
            return;
        }
        match answer {
            Ok(page) => self.take(page, cursor.is_none(), watcher),
            Err(error) => self.shelf.update(|shelf| shelf.status = Status::Broken(words(error), cursor)),
        }
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

#[cfg(test)]
mod tests;
