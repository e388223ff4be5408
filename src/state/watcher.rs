//! The dubs in view, kept up to date by one task: it asks while something moves and someone looks, rests otherwise, and
//! outlives a lost network.

use contract::{Code, Dub, DubId};
use leptos::{prelude::*, task::spawn_local};

use super::{Clock, Connection, Session};
use crate::api::{self, ApiError};
use crate::browser::{clock::now_ms, listen, nap::Nap};
use crate::model::poll::{Backoff, IDLE_MS};
use crate::model::revision::may_replace;

/// What is known of a dub.
#[derive(Debug, Clone)]
pub enum Sight {
    /// Not asked yet.
    Unread,
    /// As the server last said.
    Here(Box<Dub>),
    /// Not there, or not this visitor's.
    Gone,
}

impl Sight {
    /// Whether nothing has changed that anyone would see. Comparing every field would be code for nothing.
    fn is_same(&self, new: &Self) -> bool {
        match (self, new) {
            (Self::Here(old), Self::Here(new)) => {
                let reason = |dub: &Dub| dub.problem.as_ref().map(|problem| problem.detail.clone());
                old.revision == new.revision
                    && old.queue_position == new.queue_position
                    && old.estimate_s == new.estimate_s
                    // A queued dub waits for another reason without having changed itself.
                    && reason(old) == reason(new)
            }
            (old, new) => matches!((old, new), (Self::Unread, Self::Unread) | (Self::Gone, Self::Gone)),
        }
    }

    /// Whether `new` is no step back.
    fn may_become(&self, new: &Self) -> bool {
        match (self, new) {
            (Self::Here(old), Self::Here(new)) => may_replace(old, new),
            _ => true,
        }
    }
}

#[derive(Debug, Clone)]
struct Watched {
    id: DubId,
    sight: Sight,
    etag: Option<String>,
    is_in_view: bool,
    /// How often [`Watcher::put`] brought it: an answer to a question from before that is out of date.
    puts: u32,
}

/// A dub to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    id: DubId,
    etag: Option<String>,
    puts: u32,
}

impl Watched {
    fn dub(&self) -> Option<&Dub> {
        if let Sight::Here(dub) = &self.sight { Some(dub) } else { None }
    }
}

/// One dub of the [`Watcher`]'s.
#[derive(Debug, Clone, Copy)]
pub struct Follow {
    watcher: Watcher,
    id: StoredValue<DubId>,
}

impl Follow {
    /// Looks at the dub, once it is known; inside of a closure that follows.
    pub fn read<T>(self, look: impl FnOnce(&Dub) -> T) -> Option<T> {
        self.id.with_value(|id| self.watcher.read(id, look))
    }

    /// The dub as it is now.
    pub fn now(self) -> Option<Dub> {
        untrack(|| self.read(Dub::clone))
    }

    /// Whether the server says that there is none.
    pub fn is_gone(self) -> bool {
        let known = self.watcher.known.read();
        self.id.with_value(|id| known.iter().any(|watched| watched.id == *id && matches!(watched.sight, Sight::Gone)))
    }
}

/// The dubs that anyone has looked at, and those in view now.
#[derive(Debug, Clone, Copy)]
pub struct Watcher {
    known: RwSignal<Vec<Watched>>,
    rounds: RwSignal<u32>,
    nap: Nap,
}

impl Watcher {
    /// Watches nothing yet.
    pub fn new() -> Self {
        Self { known: RwSignal::new(Vec::new()), rounds: RwSignal::new(0), nap: Nap::new() }
    }

    /// How often the server has answered for all that was in view.
    pub fn rounds(self) -> u32 {
        self.rounds.get()
    }

    /// Says which dubs are in view from now on.
    pub fn look_at(self, ids: &[DubId]) {
        let mut is_news = false;
        self.known.update_untracked(|known| {
            for watched in known.iter_mut() {
                let is_in_view = ids.contains(&watched.id);
                is_news |= watched.is_in_view != is_in_view;
                watched.is_in_view = is_in_view;
            }
            for id in ids {
                if known.iter().all(|watched| watched.id != *id) {
                    is_news = true;
                    known.push(Watched { id: id.clone(), sight: Sight::Unread, etag: None, is_in_view: true, puts: 0 });
                }
            }
        });
        if is_news {
            self.nap.wake();
        }
    }

    /// Takes a dub that came with another answer.
    pub fn put(self, dub: Dub) {
        let id = dub.id.clone();
        let is_news = self.set(&id, Sight::Here(Box::new(dub)), None);
        let is_in_view = self.known.try_update_untracked(|known| {
            let watched = known.iter_mut().find(|watched| watched.id == id)?;
            watched.puts += 1;
            Some(watched.is_in_view)
        });
        if is_news && is_in_view.flatten() == Some(true) {
            self.nap.wake();
        }
    }

    /// One dub, to look at again and again.
    pub fn follow(self, id: DubId) -> Follow {
        Follow { watcher: self, id: StoredValue::new(id) }
    }

    /// Looks at a dub, once it is known; inside of a closure that follows.
    pub fn read<T>(self, id: &DubId, look: impl FnOnce(&Dub) -> T) -> Option<T> {
        self.known.with(|known| known.iter().find(|watched| watched.id == *id).and_then(Watched::dub).map(look))
    }

    /// Watches for as long as the page lives, once the server has said what it is.
    pub fn start(self, session: Session, connection: Connection, clock: Clock) {
        let wake = move || {
            connection.retry();
            self.nap.wake();
        };
        listen::on_visibility(wake);
        listen::on_network(wake);
        spawn_local(async move {
            session.load(connection).await;
            self.run(connection, clock).await;
        });
    }

    async fn run(self, connection: Connection, clock: Clock) {
        let mut backoff = Backoff::default();
        loop {
            let due = self.due();
            if (due.is_empty() && !connection.is_lost()) || listen::is_hidden() {
                let _ = self.nap.sleep(None).await;
                backoff = Backoff::default();
                continue;
            }
            match self.ask(due, clock).await {
                Some(has_changed) => {
                    connection.found();
                    self.rounds.update(|rounds| *rounds += 1);
                    let pause_ms = backoff.pause_ms(has_changed);
                    let _ = self.nap.sleep(Some(if self.has_moving() { pause_ms } else { IDLE_MS })).await;
                }
                None => connection.wait().await,
            }
        }
    }

    /// Asks for each dub once; tells whether any has changed, or nothing where the server does not answer.
    async fn ask(self, due: Vec<Question>, clock: Clock) -> Option<bool> {
        if due.is_empty() {
            // Nothing to ask for but whether the server is back.
            return (!matches!(api::config().await, Err(ApiError::Lost))).then_some(true);
        }
        let mut has_changed = false;
        for question in due {
            match api::dub(&question.id.0, question.etag.as_deref()).await {
                Ok(answer) => {
                    if let Some(server_ms) = answer.server_ms {
                        clock.learn(server_ms, now_ms());
                    }
                    if let Some(dub) = answer.body {
                        has_changed |= self.hear(&question, Sight::Here(Box::new(dub)), answer.etag);
                    }
                }
                Err(ApiError::Refused(problem)) if problem.code == Code::NotFound => {
                    has_changed |= self.hear(&question, Sight::Gone, None);
                }
                // The others may still be answered for; this one is asked for again, ever less often.
                Err(ApiError::Refused(_)) => {}
                Err(ApiError::Lost) => return None,
            }
        }
        Some(has_changed)
    }

    /// Notes an answer, unless something newer came while it was on its way; tells whether it is news.
    fn hear(self, question: &Question, sight: Sight, etag: Option<String>) -> bool {
        let is_current = self.known.with_untracked(|known| {
            known.iter().any(|watched| watched.id == question.id && watched.puts == question.puts)
        });
        is_current && self.set(&question.id, sight, etag)
    }

    /// Notes what a dub looks like now, unless that is a step back; tells whether it is news.
    fn set(self, id: &DubId, sight: Sight, etag: Option<String>) -> bool {
        let mut is_news = true;
        self.known.update_untracked(|known| match known.iter_mut().find(|watched| watched.id == *id) {
            Some(watched) => {
                is_news = watched.sight.may_become(&sight) && !watched.sight.is_same(&sight);
                if watched.sight.may_become(&sight) {
                    (watched.sight, watched.etag) = (sight, etag);
                }
            }
            None => known.push(Watched { id: id.clone(), sight, etag, is_in_view: false, puts: 0 }),
        });
        if is_news {
            self.known.notify();
        }
        is_news
    }

    /// The dubs in view that may still change, with the version last seen.
    fn due(self) -> Vec<Question> {
        self.each_in_view(|watched| match &watched.sight {
            Sight::Unread => true,
            Sight::Here(dub) => !dub.phase.is_final(),
            Sight::Gone => false,
        })
    }

    fn has_moving(self) -> bool {
        let is_moving = |watched: &Watched| match &watched.sight {
            Sight::Unread => true,
            Sight::Here(dub) => dub.phase.is_moving(),
            Sight::Gone => false,
        };
        !self.each_in_view(is_moving).is_empty()
    }

    fn each_in_view(self, is_meant: impl Fn(&Watched) -> bool) -> Vec<Question> {
        self.known.with_untracked(|known| {
            let meant = known.iter().filter(|watched| watched.is_in_view && is_meant(watched));
            let question = |it: &Watched| Question { id: it.id.clone(), etag: it.etag.clone(), puts: it.puts };
            meant.map(question).collect()
        })
    }
}

impl Default for Watcher {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
