//! What is known of a dub, and what may take its place.

use contract::{Dub, DubId};

use super::Deletion;
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
    pub(super) fn is_same(&self, new: &Self) -> bool {
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

    /// Whether `new` is no step back. Nothing brings a dub back that is gone.
    pub(super) fn may_become(&self, new: &Self) -> bool {
        match (self, new) {
            (Self::Here(old), Self::Here(new)) => may_replace(old, new),
            (Self::Gone, Self::Here(_)) => false,
            _ => true,
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Watched {
    pub(super) id: DubId,
    pub(super) sight: Sight,
    pub(super) etag: Option<String>,
    pub(super) is_in_view: bool,
    /// How often [`put`](super::Watcher::put) brought it: an answer to a question from before that is out of date.
    pub(super) puts: u32,
    pub(super) deletion: Deletion,
    /// Whether it may have been deleted before the stream began to tell, and was not heard of since.
    pub(super) is_doubted: bool,
}

/// A dub to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) id: DubId,
    pub(super) etag: Option<String>,
    pub(super) puts: u32,
}

impl Watched {
    pub(super) fn new(id: &DubId, sight: Sight, etag: Option<String>, is_in_view: bool) -> Self {
        Self { id: id.clone(), sight, etag, is_in_view, puts: 0, deletion: Deletion::None, is_doubted: false }
    }

    pub(super) fn dub(&self) -> Option<&Dub> {
        if let Sight::Here(dub) = &self.sight { Some(dub) } else { None }
    }
}
