//! The stream of the visitor's dubs: open while somebody looks, given up for a while where nothing comes through.

use contract::{
    Gone,
    routes::{ALIVE_EVENT, DUB_EVENT, EVENTS, GONE_EVENT},
};
use leptos::prelude::*;

use super::{Clock, Connection, Watcher};
use crate::browser::events::{self, BROKEN, Ear, Word};
use crate::browser::{clock::now_ms, json, listen};
use crate::model::line::{Line, Step};

/// The stream, or why there is none. All in one value: each of its own would be code of its own.
#[derive(Debug, Clone, Copy)]
pub struct Stream(StoredValue<Inside, LocalStorage>);

#[derive(Debug, Default)]
struct Inside {
    line: Line,
    open: Option<events::Stream>,
    ear: Option<Ear>,
    /// The last change that was told: the next stream goes on after it.
    known: String,
}

impl Inside {
    fn open(&mut self) {
        let path = [EVENTS, "?since=", &self.known].concat();
        self.open =
            self.ear.as_ref().and_then(|ear| events::Stream::open(&path, &[DUB_EVENT, GONE_EVENT, ALIVE_EVENT], ear));
    }

    fn close(&mut self) {
        if let Some(stream) = self.open.take() {
            stream.close();
        }
    }
}

impl Stream {
    /// None yet.
    pub fn new() -> Self {
        Self(StoredValue::new_local(Inside::default()))
    }

    /// Has what is told from now on heard.
    pub fn start(self, watcher: Watcher, connection: Connection, clock: Clock) {
        let hear = move |word: Word| {
            let is_broken = word.name == BROKEN;
            let (now_ms, mut is_blind) = (now_ms(), false);
            self.0.update_value(|inside| {
                if is_broken {
                    inside.line.broke(now_ms);
                    inside.close();
                } else {
                    // One that was not told where to go on tells nothing of what was deleted before.
                    is_blind = inside.line.spoke(now_ms) && inside.known.is_empty();
                    // A new stream has told no number until something has changed.
                    if !word.id.is_empty() {
                        inside.known = word.id;
                    }
                }
            });
            if is_broken {
                return watcher.wake();
            }
            connection.found();
            if is_blind {
                watcher.doubt_known();
            }
            if word.name == ALIVE_EVENT {
                // The first of a stream tells the time.
                if let Ok(server_ms) = word.data.parse() {
                    clock.learn(server_ms, now_ms);
                }
            } else if word.name == GONE_EVENT {
                if let Ok(Gone { id }) = json::read(&word.data) {
                    watcher.lose(&id);
                }
            } else if let Ok(dub) = json::read(&word.data) {
                watcher.put(dub);
            }
        };
        self.0.update_value(|inside| inside.ear = Some(Ear::new(hear)));
    }

    /// Opens or closes it, if it is time to and the server has any; gives in how many milliseconds it must be looked at again.
    pub fn tend(self, is_there: bool) -> Option<i32> {
        let (now_ms, is_wanted) = (now_ms(), is_there && !listen::is_hidden());
        let tend = |inside: &mut Inside| loop {
            match inside.line.step(now_ms, is_wanted) {
                Step::Open => inside.open(),
                Step::Close => inside.close(),
                Step::Wait(left_ms) => return left_ms.map(|left_ms| i32::try_from(left_ms).unwrap_or(i32::MAX)),
            }
        };
        self.0.try_update_value(tend).flatten()
    }

    /// Whether it tells all that happens, so that nobody needs to ask.
    pub fn is_live(self) -> bool {
        self.0.with_value(|inside| inside.line.is_live(now_ms()))
    }
}

impl Default for Stream {
    fn default() -> Self {
        Self::new()
    }
}
