//! How many streams of events there are at once. Each keeps a connection for as long as its page is open, and others must
//! still get one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{error::ApiError, store::Owner};

/// A page has one of all dubs, and a browser opens six connections to one server by HTTP/1.1, for all its windows together:
/// with a stream in each, nothing else would come through. A page that is refused asks instead.
const OF_ALL_DUBS: usize = 4;
/// The rest is for scripts with a stream a dub.
const OF_ONE_VISITOR: usize = 32;
/// When to ask again.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// The streams that are open. A clone is the same count.
#[derive(Debug, Clone)]
pub struct Streams {
    at_once: usize,
    open: Arc<Mutex<HashMap<Owner, Count>>>,
}

/// What one visitor has open.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    in_all: usize,
    of_all_dubs: usize,
}

/// What a stream tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// All dubs of a visitor.
    AllDubs,
    /// One of them.
    OneDub,
}

impl Streams {
    /// Leaves a quarter of `connections` to everything else.
    pub fn beside(connections: usize) -> Self {
        Self { at_once: connections - connections / 4, open: Arc::default() }
    }

    /// Room for one more stream of this owner's, until it is dropped.
    ///
    /// # Errors
    /// Too many, of this visitor's or of all.
    pub fn enter(&self, owner: &Owner, of: Of) -> Result<Place, ApiError> {
        let mut open = self.open();
        let is_full = open.values().map(|count| count.in_all).sum::<usize>() >= self.at_once;
        let Count { in_all, of_all_dubs } = open.get(owner).copied().unwrap_or_default();
        if is_full || in_all >= OF_ONE_VISITOR || (of == Of::AllDubs && of_all_dubs >= OF_ALL_DUBS) {
            return Err(ApiError::TooManyStreams(RETRY_AFTER));
        }
        let count = open.entry(owner.clone()).or_default();
        count.in_all += 1;
        count.of_all_dubs += usize::from(of == Of::AllDubs);
        Ok(Place { streams: self.clone(), owner: owner.clone(), of })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Owner, Count>> {
        // The map is whole after every step, so a panic elsewhere spoils nothing.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room for one stream.
#[derive(Debug)]
pub struct Place {
    streams: Streams,
    owner: Owner,
    of: Of,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        if let Some(count) = open.get_mut(&self.owner) {
            count.in_all -= 1;
            count.of_all_dubs -= usize::from(self.of == Of::AllDubs);
            if count.in_all == 0 {
                open.remove(&self.owner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_has_room_for_so_many_and_all_together_leave_some_to_others() {
        let (streams, owner) = (Streams::beside(100), |name: &str| Owner(name.into()));
        let mut anna: Vec<_> =
            (0..OF_ONE_VISITOR).map(|_| streams.enter(&owner("anna"), Of::OneDub).unwrap()).collect();
        assert!(streams.enter(&owner("anna"), Of::OneDub).is_err());
        let others: Vec<_> =
            (OF_ONE_VISITOR..75).map(|n| streams.enter(&owner(&n.to_string()), Of::AllDubs).unwrap()).collect();
        assert!(streams.enter(&owner("late"), Of::AllDubs).is_err());
        anna.pop();
        assert!(streams.enter(&owner("late"), Of::AllDubs).is_ok());
        drop((anna, others));
        assert!(streams.open().is_empty(), "nobody is remembered for ever");
    }

    #[test]
    fn the_windows_of_a_browser_leave_it_connections_for_everything_else() {
        let (streams, anna) = (Streams::beside(100), Owner("anna".into()));
        let mut pages: Vec<_> = (0..OF_ALL_DUBS).map(|_| streams.enter(&anna, Of::AllDubs).unwrap()).collect();
        assert!(streams.enter(&anna, Of::AllDubs).is_err());
        assert!(streams.enter(&anna, Of::OneDub).is_ok());
        pages.pop();
        assert!(streams.enter(&anna, Of::AllDubs).is_ok());
    }
}
