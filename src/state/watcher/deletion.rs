//! How far deletions are: noted at the dubs, which are still there.

use contract::DubId;
use leptos::prelude::*;

use super::{
    Watcher,
    sight::{Sight, Watched},
};

/// How far the deletion of a dub is that is still there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Deletion {
    /// Nobody has deleted it.
    #[default]
    None,
    /// Its owner has, at this time, and it can be undone.
    Held(i64),
    /// The server is asked to, and maybe has.
    Sent {
        /// Whether an answer did not come.
        is_late: bool,
    },
    /// The server did not; says why.
    Refused(String),
}

impl Deletion {
    /// Whether the dub is on its way out.
    pub fn goes_on(&self) -> bool {
        matches!(self, Self::Held(_) | Self::Sent { .. })
    }
}

impl Watcher {
    /// Notes how far the deletion of a dub is.
    pub fn note(self, id: &DubId, deletion: Deletion) {
        self.known.update(|known| {
            if let Some(watched) = known.iter_mut().find(|watched| watched.id == *id) {
                watched.deletion = deletion;
            }
        });
    }

    /// What [`note`](Self::note) has noted.
    pub fn deletion(self, id: &DubId) -> Deletion {
        self.known.with(|known| {
            known.iter().find(|watched| watched.id == *id).map(|watched| watched.deletion.clone()).unwrap_or_default()
        })
    }

    /// All whose deletion can still be undone.
    pub fn held(self) -> Vec<DubId> {
        let is_held = |it: &&Watched| matches!(it.deletion, Deletion::Held(_));
        self.known.with_untracked(|known| known.iter().filter(is_held).map(|it| it.id.clone()).collect())
    }

    /// Notes that a dub is gone: its owner has deleted it.
    pub fn lose(self, id: &DubId) {
        self.set(id, Sight::Gone, None);
    }

    /// Whether the server says that there is none.
    pub fn has_lost(self, id: &DubId) -> bool {
        self.known.with(|known| known.iter().any(|watched| watched.id == *id && matches!(watched.sight, Sight::Gone)))
    }
}
