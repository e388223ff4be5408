//! The loop that all but submitting share: start what is due, never the same twice at once, sleep until the next.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    hash::Hash,
    time::Duration,
};

use async_trait::async_trait;
use contract::{DubId, Phase};
use tokio::{
    sync::Notify,
    task::{Id, JoinSet},
};
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Moment,
    store::{Due, Store, StoreError},
};

/// The longest sleep: the wall clock may be set meanwhile.
pub(super) const NAP: Duration = Duration::from_secs(30);
/// The pause after the store has failed.
pub(super) const STORE_PAUSE: Duration = Duration::from_secs(1);

/// Where a loop's work comes from.
#[async_trait]
pub(super) trait Source: Sync {
    /// One piece of work.
    type Work: Send;
    /// What tells it from others.
    type Key: Clone + Eq + Hash + Send;
    /// How many pieces are done at once.
    const AT_ONCE: usize;
    /// What the log calls it.
    fn name(&self) -> &'static str;
    /// Which piece this is.
    fn key(work: &Self::Work) -> Self::Key;
    /// Whose it is.
    fn dub(work: &Self::Work) -> &DubId;
    /// What is due, the most urgent first; it stays due until its end is booked.
    async fn due(&self, limit: u32, now: Moment) -> Result<Vec<Self::Work>, StoreError>;
    /// When something is due next, after `now`.
    async fn next_due(&self, now: Moment) -> Result<Option<Moment>, StoreError>;
}

/// The dubs of a phase.
pub(super) struct InPhase<'a>(pub(super) &'a dyn Store, pub(super) Phase);

#[async_trait]
impl Source for InPhase<'_> {
    type Work = Due;
    type Key = DubId;
    const AT_ONCE: usize = 16;

    fn name(&self) -> &'static str {
        self.1.as_str()
    }

    fn key(due: &Due) -> DubId {
        due.dub.clone()
    }

    fn dub(due: &Due) -> &DubId {
        &due.dub
    }

    async fn due(&self, limit: u32, now: Moment) -> Result<Vec<Due>, StoreError> {
        self.0.due(self.1, limit, now).await
    }

    async fn next_due(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        self.0.next_due(self.1, now).await
    }
}

/// Runs `handle` for all that is due, until `shutdown`; what runs then is dropped, as all of it can be done again.
///
/// What the store failed to book is still due: it is done again, a pause later.
pub(super) async fn run<S, F, H>(source: S, wake: &Notify, shutdown: CancellationToken, handle: H)
where
    S: Source,
    H: Fn(S::Work) -> F,
    F: Future<Output = Result<(), StoreError>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    let mut busy: HashMap<Id, S::Key> = HashMap::new();
    loop {
        let nap = match start_due(&source, &mut tasks, &mut busy, &handle).await {
            Ok(next) => next.map_or(NAP, |next| next.after(Moment::now())).min(NAP),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, work = source.name(), "the store failed");
                STORE_PAUSE
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = wake.notified() => {}
            () = tokio::time::sleep(nap) => {}
            Some(ended) = tasks.join_next_with_id() => {
                let id = ended.map_or_else(|error| error.id(), |(id, ())| id);
                busy.remove(&id);
            }
        }
    }
}

async fn start_due<S, F, H>(
    source: &S,
    tasks: &mut JoinSet<()>,
    busy: &mut HashMap<Id, S::Key>,
    handle: &H,
) -> Result<Option<Moment>, StoreError>
where
    S: Source,
    H: Fn(S::Work) -> F,
    F: Future<Output = Result<(), StoreError>> + Send + 'static,
{
    let now = Moment::now();
    let running: HashSet<S::Key> = busy.values().cloned().collect();
    // Of so many, at least as many as are free do not run yet.
    let limit = u32::try_from(S::AT_ONCE * 2).unwrap_or(u32::MAX);
    for work in source.due(limit, now).await? {
        let key = S::key(&work);
        if busy.len() < S::AT_ONCE && !running.contains(&key) {
            let (name, dub) = (source.name(), S::dub(&work).clone());
            busy.insert(tasks.spawn(book(name, dub, handle(work))).id(), key);
        }
    }
    source.next_due(now).await
}

/// Does a piece of work, and keeps it busy for a pause where its end could not be booked.
async fn book(work: &'static str, dub: DubId, handled: impl Future<Output = Result<(), StoreError>>) {
    if let Err(error) = handled.await {
        tracing::error!(%dub, work, error = &error as &dyn std::error::Error, "an end could not be booked");
        tokio::time::sleep(STORE_PAUSE).await;
    }
}
