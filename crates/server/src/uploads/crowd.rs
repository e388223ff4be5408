//! How many requests of one visitor bring bytes at once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::store::Owner;

/// A browser opens six connections to one server; two more for those whose end was not noticed yet.
const AT_ONCE: usize = 8;

/// Who brings bytes. A visitor is in it as long as one of their requests is.
#[derive(Debug, Default)]
pub(super) struct Crowd(Mutex<HashMap<Owner, Weak<Semaphore>>>);

impl Crowd {
    /// Room for one more request of this owner's, until it is dropped.
    pub(super) fn enter(&self, owner: &Owner) -> Option<OwnedSemaphorePermit> {
        self.room(owner).try_acquire_owned().ok()
    }

    fn room(&self, owner: &Owner) -> Arc<Semaphore> {
        // The map is whole after every step, so a panic elsewhere spoils nothing.
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.get(owner).and_then(Weak::upgrade) {
            return room;
        }
        rooms.retain(|_, room| room.strong_count() > 0);
        let room = Arc::new(Semaphore::new(AT_ONCE));
        rooms.insert(owner.clone(), Arc::downgrade(&room));
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_has_room_for_so_many_requests_and_takes_none_from_others() {
        let crowd = Crowd::default();
        let (anna, berta) = (Owner("anna".into()), Owner("berta".into()));
        let mut inside: Vec<_> = (0..AT_ONCE).map(|_| crowd.enter(&anna).unwrap()).collect();
        assert!(crowd.enter(&anna).is_none());
        assert!(crowd.enter(&berta).is_some());
        inside.pop();
        assert!(crowd.enter(&anna).is_some());
        drop(inside);
        assert!(crowd.enter(&berta).is_some());
        assert!(crowd.0.lock().unwrap().len() <= 2, "nobody is remembered for ever");
    }
}
