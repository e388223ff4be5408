//! What changed, in which order: for those who watch.

use async_trait::async_trait;
use contract::DubId;

use super::{Feed, Scope, StoreError, StoredDub};

/// The number of a change. A dub has that of its newest, all dubs share one count, and none is given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change(pub i64);

impl Change {
    /// Before the first.
    pub const NONE: Self = Self(0);
}

/// Which changes are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// Only those after this one.
    pub change: Change,
    /// Of dubs in a final phase, only those after this one.
    pub of_final: Change,
    /// Of deletions, only those after this one.
    pub of_gone: Change,
}

/// What became of a dub that has changed.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "most are dubs")]
pub enum Sight {
    /// It stands like this.
    Dub(StoredDub),
    /// Its owner has deleted it.
    Gone(Change, DubId),
}

impl Sight {
    /// The number of its newest change.
    pub fn change(&self) -> Change {
        match self {
            Self::Dub(stored) => stored.change,
            Self::Gone(change, _) => *change,
        }
    }
}

/// The part of the store that whoever watches dubs needs.
#[async_trait]
pub trait ChangeStore: Send + Sync {
    /// Tells of every change, once it is committed.
    fn feed(&self) -> &Feed;
    /// The newest change of any dub.
    async fn last_change(&self) -> Result<Change, StoreError>;
    /// Since when `count` dubs of the scope changed; [`Change::NONE`] when there are no more of them.
    async fn newest(&self, scope: &Scope, count: u32) -> Result<Change, StoreError>;
    /// The dubs of the scope that changed or were deleted, those first whose newest change is the longest ago.
    async fn changed(&self, scope: &Scope, since: Since, limit: u32) -> Result<Vec<Sight>, StoreError>;
    /// The dubs of the scope that stand in the queue, the first in line first.
    async fn waiting(&self, scope: &Scope, limit: u32) -> Result<Vec<StoredDub>, StoreError>;
}
