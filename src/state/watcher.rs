//! The dubs in view, kept up to date by one task: it asks while something moves and someone looks, rests otherwise, and
//! outlives a lost network.

use contract::{Code, Dub, DubId};
use leptos::{prelude::*, task::spawn_local};

use super::{Clock, Connection, Session};
use crate::api::{self, ApiError};
use crate::browser::{clock::now_ms, listen, nap::Nap};
use crate::model::poll::{Backoff, IDLE_MS};

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
                old.phase == new.phase && old.queue_position == new.queue_position && old.updated_at == new.updated_at
            }
            (old, new) => matches!((old, new), (Self::Unread, Self::Unread) | (Self::Gone, Self::Gone)),
        }
    }
}

#[derive(Debug, Clone)]
struct Watched {
    id: DubId,
    sight: Sight,
    etag: Option<String>,
    is_in_view: bool,
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
    nap: Nap,
}

impl Watcher {
    /// Watches nothing yet.
    pub fn new() -> Self {
        Self { known: RwSignal::new(Vec::new()), nap: Nap::new() }
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
                    known.push(Watched { id: id.clone(), sight: Sight::Unread, etag: None, is_in_view: true });
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
        self.set(&id, Sight::Here(Box::new(dub)), None);
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
            if due.is_empty() || listen::is_hidden() {
                let _ = self.nap.sleep(None).await;
                backoff = Backoff::default();
                continue;
            }
            match self.ask(due, clock).await {
                Ok(has_changed) => {
                    connection.found();
                    let pause_ms = backoff.pause_ms(has_changed);
                    let _ = self.nap.sleep(Some(if self.has_moving() { pause_ms } else { IDLE_MS })).await;
                }
                Err(_) => connection.wait().await,
            }
        }
    }

    /// Asks for each dub once; tells whether any has changed.
    async fn ask(self, due: Vec<(DubId, Option<String>)>, clock: Clock) -> Result<bool, ApiError> {
        let mut has_changed = false;
        for (id, etag) in due {
            match api::dub(&id.0, etag.as_deref()).await {
                Ok(answer) => {
                    if let Some(server_ms) = answer.server_ms {
                        clock.learn(server_ms, now_ms());
                    }
                    if let Some(dub) = answer.body {
                        has_changed |= self.set(&id, Sight::Here(Box::new(dub)), answer.etag);
                    }
                }
                Err(ApiError::Refused(problem)) if problem.code == Code::NotFound => {
                    has_changed |= self.set(&id, Sight::Gone, None);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(has_changed)
    }

    /// Notes what a dub looks like now; tells whether that is news.
    fn set(self, id: &DubId, sight: Sight, etag: Option<String>) -> bool {
        let mut is_news = true;
        self.known.update_untracked(|known| match known.iter_mut().find(|watched| watched.id == *id) {
            Some(watched) => {
                is_news = !watched.sight.is_same(&sight);
                (watched.sight, watched.etag) = (sight, etag);
            }
            None => known.push(Watched { id: id.clone(), sight, etag, is_in_view: false }),
        });
        if is_news {
            self.known.notify();
        }
        is_news
    }

    /// The dubs in view that may still change, with the version last seen.
    fn due(self) -> Vec<(DubId, Option<String>)> {
        self.each_in_view(|watched| match &watched.sight {
            Sight::Unread => true,
            Sight::Here(dub) => !dub.phase.is_final(),
            Sight::Gone => false,
        })
    }

    fn has_moving(self) -> bool {
        !self.each_in_view(|watched| matches!(&watched.sight, Sight::Here(dub) if dub.phase.is_moving())).is_empty()
    }

    fn each_in_view(self, is_meant: impl Fn(&Watched) -> bool) -> Vec<(DubId, Option<String>)> {
        self.known.with_untracked(|known| {
            let meant = known.iter().filter(|watched| watched.is_in_view && is_meant(watched));
            meant.map(|watched| (watched.id.clone(), watched.etag.clone())).collect()
        })
    }
}

impl Default for Watcher {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dub(id: &str, phase: &str) -> Dub {
        let json = r#"{ "id": "ID", "phase": "PHASE", "created_at": "", "updated_at": "",
            "input": { "video": { "url": "" }, "audio": { "url": "" }, "resolution": "480p", "seed": 1 } }"#;
        serde_json::from_str(&json.replace("ID", id).replace("PHASE", phase)).unwrap()
    }

    #[test]
    fn final_dubs_and_those_out_of_view_are_not_asked_for() {
        Owner::new().with(|| {
            let watcher = Watcher::new();
            for (id, phase) in [("a", "processing"), ("b", "succeeded"), ("c", "queued")] {
                watcher.put(dub(id, phase));
            }
            watcher.look_at(&["a", "b"].map(|id| DubId(id.into())));
            assert_eq!(watcher.due(), [(DubId("a".into()), None)]);
            assert!(watcher.has_moving());
        });
    }

    #[test]
    fn an_unconfirmed_dub_is_asked_for_but_does_not_move() {
        Owner::new().with(|| {
            let watcher = Watcher::new();
            watcher.put(dub("a", "unconfirmed"));
            watcher.look_at(&[DubId("a".into())]);
            assert_eq!(watcher.due().len(), 1);
            assert!(!watcher.has_moving());
        });
    }

    #[test]
    fn the_same_answer_twice_is_no_news() {
        Owner::new().with(|| {
            let watcher = Watcher::new();
            let id = DubId("a".into());
            let sight = || Sight::Here(Box::new(dub("a", "queued")));
            assert!(watcher.set(&id, sight(), None));
            assert!(!watcher.set(&id, sight(), Some("v1".into())));
            assert!(watcher.set(&id, Sight::Gone, None));
            assert!(watcher.follow(id).is_gone());
        });
    }
}
