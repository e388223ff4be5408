//! The loop that watching and saving share: start what is due, never the same dub twice at once, sleep until the next.

use std::{
    collections::{HashMap, HashSet},
    future::Future,
    time::Duration,
};

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
/// How many dubs are handled at once.
const AT_ONCE: usize = 16;

/// Runs `handle` for every dub of `phase` whose moment has come, until `shutdown`; what runs then is dropped, as all of it
/// can be done again.
pub(super) async fn run<F, H>(store: &dyn Store, phase: Phase, wake: &Notify, shutdown: CancellationToken, handle: H)
where
    H: Fn(Due) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    let mut busy: HashMap<Id, DubId> = HashMap::new();
    loop {
        let nap = match start_due(store, phase, &mut tasks, &mut busy, &handle).await {
            Ok(next) => next.map_or(NAP, |next| next.after(Moment::now())).min(NAP),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, phase = phase.as_str(), "the store failed");
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

async fn start_due<F, H>(
    store: &dyn Store,
    phase: Phase,
    tasks: &mut JoinSet<()>,
    busy: &mut HashMap<Id, DubId>,
    handle: &H,
) -> Result<Option<Moment>, StoreError>
where
    H: Fn(Due) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let now = Moment::now();
    let running: HashSet<DubId> = busy.values().cloned().collect();
    let limit = u32::try_from(AT_ONCE * 2).unwrap_or(u32::MAX);
    for due in store.due(phase, limit, now).await? {
        if busy.len() < AT_ONCE && !running.contains(&due.dub) {
            let dub = due.dub.clone();
            busy.insert(tasks.spawn(handle(due)).id(), dub);
        }
    }
    store.next_due(phase, now).await
}
