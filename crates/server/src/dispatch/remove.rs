//! Removing: results that nobody has any more are removed from our storage, however often that has to be tried.

use async_trait::async_trait;
use contract::DubId;
use tokio_util::sync::CancellationToken;

use super::{
    Parts, Waker,
    decide::{Roll, result_removal_retry},
    due_loop::{self, Source},
};
use crate::{
    clock::Moment,
    fail_points::fail_point,
    media::result_key,
    store::{Removal, Store, StoreError},
    telemetry,
};

struct Removals<'a>(&'a dyn Store);

#[async_trait]
impl Source for Removals<'_> {
    type Work = Removal;
    type Key = (DubId, String);
    const AT_ONCE: usize = 8;

    fn name(&self) -> &'static str {
        "removing"
    }

    fn key(removal: &Removal) -> (DubId, String) {
        (removal.dub.clone(), removal.file_name.clone())
    }

    fn dub(removal: &Removal) -> &DubId {
        &removal.dub
    }

    async fn due(&self, limit: u32, now: Moment) -> Result<Vec<Removal>, StoreError> {
        self.0.removals(limit, now).await
    }

    async fn next_due(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        self.0.next_removal(now).await
    }
}

pub(super) async fn run(parts: Parts, waker: Waker, shutdown: CancellationToken) {
    let (store, wake) = (parts.store.clone(), waker.remove.clone());
    due_loop::run(Removals(store.as_ref()), &wake, shutdown, |removal| remove(parts.clone(), removal)).await;
}

async fn remove(parts: Parts, removal: Removal) -> Result<(), StoreError> {
    match parts.storage.delete(&result_key(&removal.dub, &removal.file_name)).await {
        Ok(()) => {
            fail_point!(R2);
            parts.store.forget_removal(&removal).await
        }
        Err(error) => {
            let cause = telemetry::chain(&error);
            tracing::warn!(dub = %removal.dub, cause, tries = removal.tries, "a result could not be removed");
            let retry_at = result_removal_retry(removal.tries, &parts.settings, Moment::now(), Roll::draw());
            parts.store.keep_removal(&removal, retry_at).await
        }
    }
}
