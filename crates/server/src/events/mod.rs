//! Dubs as they change, for whoever watches: everything at once, then each change as soon as it is committed.
//!
//! A stream keeps no dubs. It knows the number of the last change that it told, and reads what came after it when the
//! [feed](crate::store::Feed) says that there is something: a slow reader gets fewer, newer sights, and one who comes back
//! with that number goes on there, never behind it. A deleted dub is told once more, as gone. Nothing is read while nothing
//! happens.

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use contract::{Dub, DubId, Phase};
use futures_util::{Stream, stream};
use tokio::time::Instant;

use crate::store::{Change, ChangeStore, Heard, Scope, Sight, Since, StoreError, StoredDub, Watching};

/// How many dubs are read at once.
const PAGE: u32 = 100;
/// How many dubs that are final a stream begins with, if nobody says what is known: a page has more of them by asking.
const FINAL_AT_FIRST: u32 = 100;
/// How many waiting dubs of one visitor are told their place again when it changes: the next in line.
const PLACES: u32 = 100;

/// What a stream tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// A dub has changed, or is told for the first time. Who knows the number knows all before it.
    Changed(Change, Dub),
    /// It was deleted. The number is as that of any change.
    Gone(Change, DubId),
    /// Only its place in the queue, or why it waits, is another.
    Moved(Dub),
}

/// Watches `scope`: first what changed since `known`, or without it everything that is not final and the newest of the
/// rest; then each change. Places in the queue are told again after `pace` at the earliest. That of a single dub ends
/// once the dub is final.
pub fn watch(
    store: Arc<dyn ChangeStore>,
    scope: Scope,
    known: Option<Change>,
    pace: Duration,
) -> impl Stream<Item = Result<Told, StoreError>> + Send {
    let watching = store.feed().watch(scope);
    let since = Since { change: known.unwrap_or(Change::NONE), of_final: Change::NONE, of_gone: Change::NONE };
    let start = Start { store, watching, known, since, pace };
    stream::unfold(State::New(start), |state| async {
        match next(state).await {
            Ok(Some((told, stream))) => Some((Ok(told), State::Open(stream))),
            Ok(None) => None,
            Err(error) => Some((Err(error), State::Over)),
        }
    })
}

enum State {
    New(Start),
    Open(Box<Open>),
    Over,
}

async fn next(state: State) -> Result<Option<(Told, Box<Open>)>, StoreError> {
    let mut stream = match state {
        State::New(start) => start.open().await?,
        State::Open(stream) => stream,
        State::Over => return Ok(None),
    };
    Ok(stream.next().await?.map(|told| (told, stream)))
}

struct Start {
    store: Arc<dyn ChangeStore>,
    watching: Watching,
    known: Option<Change>,
    since: Since,
    pace: Duration,
}

impl Start {
    async fn open(mut self) -> Result<Box<Open>, StoreError> {
        let last = self.store.last_change().await?;
        match self.known {
            None => {
                self.since.of_final = self.store.newest(self.watching.scope(), FINAL_AT_FIRST).await?;
                self.since.of_gone = last;
            }
            // A number that was never given here is another store's: what it stood for is not known.
            Some(known) if known > last => (self.since.change, self.since.of_gone) = (Change::NONE, last),
            Some(_) => {}
        }
        let Self { store, watching, known, since, pace } = self;
        Ok(Box::new(Open {
            store,
            watching,
            since,
            is_behind: true,
            ready: VecDeque::new(),
            places: HashMap::new(),
            // Who comes back knows the dubs, but not how the queue went on meanwhile.
            has_moved: known.is_some(),
            look_at: Instant::now(),
            pace,
            is_over: false,
        }))
    }
}

/// What an owner sees of a waiting dub that is not the dub's own: its place, and why the queue stands.
type Place = (Option<u32>, Option<String>);

struct Open {
    store: Arc<dyn ChangeStore>,
    watching: Watching,
    since: Since,
    /// Something may have changed after `since`.
    is_behind: bool,
    ready: VecDeque<Told>,
    /// The waiting dubs as they were told last.
    places: HashMap<DubId, Place>,
    has_moved: bool,
    /// When places may be told again.
    look_at: Instant,
    pace: Duration,
    is_over: bool,
}

impl Open {
    async fn next(&mut self) -> Result<Option<Told>, StoreError> {
        loop {
            if let Some(told) = self.ready.pop_front() {
                return Ok(Some(told));
            }
            if self.is_over {
                return Ok(None);
            }
            if self.is_behind {
                self.catch_up().await?;
                continue;
            }
            let waits = !self.places.is_empty();
            tokio::select! {
                biased;
                heard = self.watching.heard(waits && !self.has_moved) => match heard {
                    Heard::Change => self.is_behind = true,
                    Heard::Queue => self.has_moved = true,
                },
                () = tokio::time::sleep_until(self.look_at), if self.has_moved => self.look_at_places().await?,
            }
        }
    }

    async fn catch_up(&mut self) -> Result<(), StoreError> {
        let page = self.store.changed(self.watching.scope(), self.since, PAGE).await?;
        self.is_behind = page.len() == PAGE as usize;
        for sight in page {
            self.since.change = sight.change();
            let StoredDub { dub, change, .. } = match sight {
                Sight::Dub(stored) => stored,
                Sight::Gone(change, dub) => {
                    self.places.remove(&dub);
                    self.is_over = self.watching.scope().dub.is_some();
                    self.ready.push_back(Told::Gone(change, dub));
                    continue;
                }
            };
            if is_waiting(&dub) {
                self.places.insert(dub.id.clone(), place(&dub));
            } else {
                self.places.remove(&dub.id);
            }
            self.is_over = dub.phase.is_final() && self.watching.scope().dub.is_some();
            self.ready.push_back(Told::Changed(change, dub));
        }
        Ok(())
    }

    async fn look_at_places(&mut self) -> Result<(), StoreError> {
        (self.has_moved, self.look_at) = (false, Instant::now() + self.pace);
        for StoredDub { dub, change, .. } in self.store.waiting(self.watching.scope(), PLACES).await? {
            // What has changed in itself comes with its number.
            if change > self.since.change {
                continue;
            }
            let place = place(&dub);
            if self.places.get(&dub.id) != Some(&place) {
                self.places.insert(dub.id.clone(), place);
                self.ready.push_back(Told::Moved(dub));
            }
        }
        Ok(())
    }
}

fn is_waiting(dub: &Dub) -> bool {
    matches!(dub.phase, Phase::Queued | Phase::Staging)
}

fn place(dub: &Dub) -> Place {
    (dub.queue_position, dub.problem.as_ref().map(|problem| problem.detail.clone()))
}
