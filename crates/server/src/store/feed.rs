//! Who wants to hear of changes, and is told once they are committed.
//!
//! Nothing is kept for those who are slow: what they hear is the number of the newest change, and what has changed since
//! the last they saw they read from the store. So who is not there when something happens misses nothing either.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use contract::DubId;
use tokio::sync::watch;

use super::{Change, Owner};

/// What is watched: all dubs of a visitor, or one of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    /// Whose dubs.
    pub owner: Owner,
    /// Only this one.
    pub dub: Option<DubId>,
}

/// What a commit changed.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) dubs: Vec<(Owner, DubId, Change)>,
    /// The queue's count of changes.
    pub(super) queue: i64,
}

/// Tells those who watch of what was committed by this process. A clone is the same feed.
#[derive(Debug, Clone)]
pub struct Feed(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Those that somebody watches, with the number of watchers.
    scopes: Mutex<HashMap<Scope, (usize, watch::Sender<Change>)>>,
    queue: watch::Sender<i64>,
    told: AtomicI64,
}

impl Feed {
    /// A feed of what comes after these numbers.
    pub(super) fn new(last: Change, queue: i64) -> Self {
        let (scopes, queue) = (Mutex::default(), watch::Sender::new(queue));
        Self(Arc::new(Inner { scopes, queue, told: AtomicI64::new(last.0) }))
    }

    /// Watches `scope` from now on. Who then reads the store misses nothing.
    pub fn watch(&self, scope: Scope) -> Watching {
        let changes = {
            let mut scopes = self.scopes();
            let (watchers, sender) =
                scopes.entry(scope.clone()).or_insert_with(|| (0, watch::Sender::new(Change::NONE)));
            *watchers += 1;
            sender.subscribe()
        };
        Watching { changes, queue: self.0.queue.subscribe(), scope, feed: self.clone() }
    }

    /// The newest change that was told of.
    pub(super) fn told(&self) -> Change {
        Change(self.0.told.load(Ordering::Acquire))
    }

    /// Tells of what is committed now.
    pub(super) fn tell(&self, news: News) {
        for (owner, dub, change) in news.dubs {
            self.0.told.fetch_max(change.0, Ordering::AcqRel);
            let scopes = self.scopes();
            let one = Scope { owner: owner.clone(), dub: Some(dub) };
            for scope in [Scope { owner, dub: None }, one] {
                if let Some((_, sender)) = scopes.get(&scope) {
                    raise(sender, change);
                }
            }
        }
        raise(&self.0.queue, news.queue);
    }

    fn scopes(&self) -> MutexGuard<'_, HashMap<Scope, (usize, watch::Sender<Change>)>> {
        // The map is whole after every step, so a panic elsewhere spoils nothing.
        self.0.scopes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two commits may be told of in either order; only what is newer is news.
fn raise<T: PartialOrd>(sender: &watch::Sender<T>, newest: T) {
    sender.send_if_modified(|known| {
        let is_news = *known < newest;
        if is_news {
            *known = newest;
        }
        is_news
    });
}

/// What a watcher hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Something has changed in the scope.
    Change,
    /// Places in the queue, or why it stands, may have changed.
    Queue,
}

/// Hears of changes until it is dropped.
#[derive(Debug)]
pub struct Watching {
    scope: Scope,
    changes: watch::Receiver<Change>,
    queue: watch::Receiver<i64>,
    feed: Feed,
}

impl Watching {
    /// Waits until there is something new since the last time; of the queue only where that is asked for.
    pub async fn heard(&mut self, of_queue_too: bool) -> Heard {
        // The senders live as long as the feed and this watcher do.
        tokio::select! {
            biased;
            Ok(()) = self.changes.changed() => Heard::Change,
            Ok(()) = self.queue.changed(), if of_queue_too => Heard::Queue,
            else => std::future::pending().await,
        }
    }

    /// What is watched.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let mut scopes = self.feed.scopes();
        if let Some((watchers, _)) = scopes.get_mut(&self.scope) {
            *watchers -= 1;
            if *watchers == 0 {
                scopes.remove(&self.scope);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn scope(owner: &str, dub: Option<&str>) -> Scope {
        Scope { owner: Owner(owner.into()), dub: dub.map(|id| DubId(id.into())) }
    }

    fn news(owner: &str, dub: &str, change: i64) -> News {
        News { dubs: vec![(Owner(owner.into()), DubId(dub.into()), Change(change))], queue: 0 }
    }

    #[test]
    fn only_those_are_told_whom_it_concerns_and_once() {
        let feed = Feed::new(Change(5), 0);
        let [mut all, mut one, mut other, mut stranger] =
            [("anna", None), ("anna", Some("a")), ("anna", Some("b")), ("ben", None)]
                .map(|(owner, dub)| feed.watch(scope(owner, dub)));
        feed.tell(news("anna", "a", 7));
        feed.tell(news("anna", "a", 6));
        assert_eq!(all.heard(true).now_or_never(), Some(Heard::Change));
        assert_eq!(one.heard(true).now_or_never(), Some(Heard::Change));
        for watching in [&mut all, &mut one, &mut other, &mut stranger] {
            assert_eq!(watching.heard(true).now_or_never(), None);
        }
        feed.tell(News { dubs: Vec::new(), queue: 1 });
        assert_eq!(all.heard(false).now_or_never(), None);
        assert_eq!(stranger.heard(true).now_or_never(), Some(Heard::Queue));
        assert_eq!(feed.told(), Change(7));
    }

    #[test]
    fn nobody_is_remembered_for_ever() {
        let feed = Feed::new(Change::NONE, 0);
        let (first, second) = (feed.watch(scope("anna", None)), feed.watch(scope("anna", None)));
        drop(first);
        assert_eq!(feed.scopes().len(), 1);
        drop(second);
        assert!(feed.scopes().is_empty());
    }
}
