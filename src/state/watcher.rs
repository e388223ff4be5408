//! The dubs in view, kept up to date by the stream of events; where there is none, by one task: it asks while something moves
//! and someone looks, rests otherwise, and outlives a lost network.

mod deletion;
mod sight;

use contract::{Code, Dub, DubId};
use leptos::{prelude::*, task::spawn_local};

use super::{Clock, Connection, Session, Stream};
use crate::api::{self, ApiError};
use crate::browser::{clock, listen, nap::Nap};
use crate::model::poll::{Backoff, IDLE_MS};

pub use deletion::Deletion;
pub use sight::Sight;
use sight::{Question, Watched};

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
        self.id.with_value(|id| self.watcher.has_lost(id))
    }
}

/// The dubs that anyone has looked at, and those in view now.
#[derive(Debug, Clone, Copy)]
pub struct Watcher {
    known: RwSignal<Vec<Watched>>,
    rounds: RwSignal<u32>,
    /// How many rounds are asked although the stream is there.
    doubts: StoredValue<u32>,
    stream: Stream,
    nap: Nap,
}

impl Watcher {
    /// Watches nothing yet.
    pub fn new() -> Self {
        let (known, rounds) = (RwSignal::new(Vec::new()), RwSignal::new(0));
        Self { known, rounds, doubts: StoredValue::new(0), stream: Stream::new(), nap: Nap::new() }
    }

    /// How often the server has answered for all that was in view.
    pub fn rounds(self) -> u32 {
        self.rounds.get()
    }

    /// Has all in view asked for, whatever the stream says: whether something has reached the server is not known. The round
    /// that is being asked now may have begun before, the one after it has not.
    pub fn doubt(self) {
        self.doubts.set_value(2);
        self.wake();
    }

    /// Has all that is known asked for once it is in view, unless it is heard of before: what was deleted until now is not
    /// told any more.
    pub fn doubt_known(self) {
        self.known.update_untracked(|known| known.iter_mut().for_each(|watched| watched.is_doubted = true));
        self.wake();
    }

    /// Has it looked at once what is to be done.
    pub fn wake(self) {
        self.nap.wake();
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
                    known.push(Watched::new(id, Sight::Unread, None, true));
                }
            }
        });
        if is_news {
            self.nap.wake();
        }
    }

    /// Takes a dub that came with another answer, or by itself.
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

    /// The dubs that were asked for after all of these, which begin with the newest; in the same order.
    pub fn newer(self, these: &[DubId]) -> Vec<DubId> {
        let mut last = these.iter().find_map(|id| self.read(id, |dub| dub.number)).unwrap_or(i64::MIN);
        let mut newer = Vec::new();
        // One after another: a sort would be code of its own.
        while let Some((number, id)) = self.after(last) {
            last = number;
            newer.insert(0, id);
        }
        newer
    }

    /// The dub that was asked for next after the one of this number.
    fn after(self, number: i64) -> Option<(i64, DubId)> {
        self.known.with(|known| {
            let after = known.iter().filter_map(Watched::dub).filter(|dub| dub.number > number);
            after.min_by_key(|dub| dub.number).map(|dub| (dub.number, dub.id.clone()))
        })
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
        listen::on_network(move || {
            // A stream may take long to notice.
            self.doubt();
            wake();
        });
        self.stream.start(self, connection, clock);
        spawn_local(async move {
            session.load(connection).await;
            self.run(connection, clock, session.has(|features| features.events)).await;
        });
    }

    async fn run(self, connection: Connection, clock: Clock, has_events: bool) {
        let mut backoff = Backoff::default();
        loop {
            let look_ms = self.stream.tend(has_events);
            let has_doubts = self.doubts.get_value() > 0;
            let due = self.due(self.stream.is_live() && !has_doubts);
            if (due.is_empty() && !connection.is_lost()) || listen::is_hidden() {
                let _ = self.nap.sleep(look_ms).await;
                backoff = Backoff::default();
                continue;
            }
            match self.ask(due, clock).await {
                Some(has_changed) => {
                    connection.found();
                    self.rounds.update(|rounds| *rounds += 1);
                    self.doubts.update_value(|doubts| *doubts = doubts.saturating_sub(1));
                    let pause_ms = backoff.pause_ms(has_changed);
                    let pause_ms = if self.has_moving() || has_doubts { pause_ms } else { IDLE_MS };
                    let _ = self.nap.sleep(Some(look_ms.map_or(pause_ms, |look_ms| look_ms.min(pause_ms)))).await;
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
            if self.doubts.get_value() == 0 && !self.is_current(&question) {
                // Told meanwhile.
                continue;
            }
            match api::dub(&question.id.0, question.etag.as_deref()).await {
                Ok(answer) => {
                    if let Some(server_ms) = answer.server_ms {
                        clock.learn(server_ms, clock::now_ms());
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
        self.is_current(question) && self.set(&question.id, sight, etag)
    }

    /// Whether nothing was told of a dub since this question was made.
    fn is_current(self, question: &Question) -> bool {
        self.known.with_untracked(|known| {
            known.iter().any(|watched| watched.id == question.id && watched.puts == question.puts)
        })
    }

    /// Notes what a dub looks like now, unless that is a step back; tells whether it is news.
    fn set(self, id: &DubId, sight: Sight, etag: Option<String>) -> bool {
        let mut is_news = true;
        self.known.update_untracked(|known| match known.iter_mut().find(|watched| watched.id == *id) {
            Some(watched) => {
                watched.is_doubted = false;
                is_news = !watched.sight.is_same(&sight) && watched.sight.may_become(&sight);
                if watched.sight.may_become(&sight) {
                    (watched.sight, watched.etag) = (sight, etag);
                }
            }
            None => known.push(Watched::new(id, sight, etag, false)),
        });
        if is_news {
            self.known.notify();
        }
        is_news
    }

    /// The dubs in view that may still change, with the version last seen; only unknown and doubted ones where the rest is
    /// told.
    fn due(self, is_told: bool) -> Vec<Question> {
        self.each_in_view(|watched| match &watched.sight {
            Sight::Unread => true,
            Sight::Here(dub) => watched.is_doubted || (!is_told && !dub.phase.is_final()),
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
            let etag = |it: &Watched| it.etag.clone().filter(|_| !it.is_doubted);
            let question = |it: &Watched| Question { id: it.id.clone(), etag: etag(it), puts: it.puts };
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
