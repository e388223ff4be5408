//! How many streams of events there are at once. Each keeps a connection for as long as its page is open, and others must
//! still get one.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{error::ApiError, store::Owner};

/// A page has one, and a browser opens six connections to one server; the rest is for scripts with a stream a dub.
const OF_ONE_VISITOR: usize = 32;
/// When to ask again.
const RETRY_AFTER: Duration = Duration::from_secs(30);

/// The streams that are open. A clone is the same count.
#[derive(Debug, Clone)]
pub struct Streams {
    at_once: usize,
    open: Arc<Mutex<HashMap<Owner, usize>>>,
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
    pub fn enter(&self, owner: &Owner) -> Result<Place, ApiError> {
        let mut open = self.open();
        let is_full = open.values().sum::<usize>() >= self.at_once;
        if is_full || open.get(owner).is_some_and(|count| *count >= OF_ONE_VISITOR) {
            return Err(ApiError::TooManyStreams(RETRY_AFTER));
        }
        *open.entry(owner.clone()).or_default() += 1;
        Ok(Place { streams: self.clone(), owner: owner.clone() })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Owner, usize>> {
        // The map is whole after every step, so a panic elsewhere spoils nothing.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room for one stream.
#[derive(Debug)]
pub struct Place {
    streams: Streams,
    owner: Owner,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        if let Some(count) = open.get_mut(&self.owner) {
            *count -= 1;
            if *count == 0 {
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
        let mut anna: Vec<_> = (0..OF_ONE_VISITOR).map(|_| streams.enter(&owner("anna")).unwrap()).collect();
        assert!(streams.enter(&owner("anna")).is_err());
        let others: Vec<_> = (OF_ONE_VISITOR..75).map(|n| streams.enter(&owner(&n.to_string())).unwrap()).collect();
        assert!(streams.enter(&owner("late")).is_err());
        anna.pop();
        assert!(streams.enter(&owner("late")).is_ok());
        drop((anna, others));
        assert!(streams.open().is_empty(), "nobody is remembered for ever");
    }
}
