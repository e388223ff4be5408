//! One writer an upload. The newest wins: an older one may hang on a connection that is long dead.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    sync::{Mutex as Turns, OwnedMutexGuard},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::store::UploadId;

/// How long an older writer has to put away what it holds.
const HAND_OVER: Duration = Duration::from_secs(10);

/// Who writes to which upload.
#[derive(Debug, Default)]
pub(super) struct Writers(Mutex<HashMap<UploadId, Weak<Place>>>);

/// Where the writers of one upload meet; there as long as one of them is.
#[derive(Debug, Default)]
struct Place {
    turns: Arc<Turns<()>>,
    newest: Mutex<CancellationToken>,
}

/// The right to write to one upload, until it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    /// Told when another writer wants to go on.
    pub(super) is_over: CancellationToken,
    _guard: OwnedMutexGuard<()>,
    _place: Arc<Place>,
}

impl Turn {
    fn new(place: Arc<Place>, guard: OwnedMutexGuard<()>) -> Self {
        let is_over = lock(&place.newest).clone();
        Self { is_over, _guard: guard, _place: place }
    }
}

impl Writers {
    /// Ends whoever writes to the upload, and writes in their place. `None` when they do not end.
    pub(super) async fn take(&self, id: &UploadId) -> Option<Turn> {
        let place = self.place(id);
        let is_over = CancellationToken::new();
        let older = std::mem::replace(&mut *lock(&place.newest), is_over.clone());
        older.cancel();
        let guard = timeout(HAND_OVER, place.turns.clone().lock_owned()).await.ok()?;
        Some(Turn { is_over, _guard: guard, _place: place })
    }

    /// Waits until whoever writes to the upload has ended by themselves.
    pub(super) async fn wait(&self, id: &UploadId) -> Turn {
        let place = self.place(id);
        let guard = place.turns.clone().lock_owned().await;
        Turn::new(place, guard)
    }

    /// Writes to the upload if nobody does.
    pub(super) fn take_if_free(&self, id: &UploadId) -> Option<Turn> {
        let place = self.place(id);
        let guard = place.turns.clone().try_lock_owned().ok()?;
        Some(Turn::new(place, guard))
    }

    fn place(&self, id: &UploadId) -> Arc<Place> {
        let mut places = lock(&self.0);
        if let Some(place) = places.get(id).and_then(Weak::upgrade) {
            return place;
        }
        places.retain(|_, place| place.strong_count() > 0);
        let place = Arc::<Place>::default();
        places.insert(id.clone(), Arc::downgrade(&place));
        place
    }
}

/// What is behind these locks is whole after every step, so a panic elsewhere spoils nothing.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures_util::future::poll_immediate;

    use super::*;

    fn id() -> UploadId {
        UploadId("a".into())
    }

    #[tokio::test]
    async fn the_newest_writer_wins_once_the_older_has_ended() {
        let writers = Arc::new(Writers::default());
        let first = writers.take(&id()).await.unwrap();
        let (is_over, others) = (first.is_over.clone(), writers.clone());
        let second = tokio::spawn(async move { others.take(&id()).await });
        is_over.cancelled().await;
        assert!(!second.is_finished());
        assert!(writers.take_if_free(&id()).is_none());
        drop(first);
        let second = second.await.unwrap().unwrap();
        assert!(!second.is_over.is_cancelled());
        assert!(writers.take(&UploadId("b".into())).await.is_some(), "another upload is another matter");
        drop(second);
        assert!(writers.take_if_free(&id()).is_some());
        assert!(lock(&writers.0).len() <= 2);
    }

    #[tokio::test]
    async fn who_waits_lets_the_writer_end() {
        let writers = Writers::default();
        let id = id();
        let first = writers.take(&id).await.unwrap();
        let mut second = Box::pin(writers.wait(&id));
        assert!(poll_immediate(&mut second).await.is_none());
        assert!(!first.is_over.is_cancelled());
        drop(first);
        assert!(!second.await.is_over.is_cancelled());
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_end_keeps_the_upload() {
        let writers = Writers::default();
        let _first = writers.take(&id()).await.unwrap();
        assert!(writers.take(&id()).await.is_none());
    }
}
