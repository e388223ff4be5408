//! Unstaging: what was put somewhere for a dub is removed once nobody needs it, however often that has to be tried.

use async_trait::async_trait;
use contract::DubId;
use tokio_util::sync::CancellationToken;

use super::{
    Parts, Waker,
    decide::{Roll, removal_retry},
    due_loop::{self, Source},
};
use crate::{
    clock::Moment,
    provider::FileRemoval,
    store::{StagedId, StagedOver, StagedPlace, Store, StoreError},
    telemetry,
};

struct Over<'a>(&'a dyn Store);

#[async_trait]
impl Source for Over<'_> {
    type Work = StagedOver;
    type Key = StagedId;
    const AT_ONCE: usize = 8;

    fn name(&self) -> &'static str {
        "unstaging"
    }

    fn key(work: &StagedOver) -> StagedId {
        work.id
    }

    fn dub(work: &StagedOver) -> &DubId {
        &work.dub
    }

    async fn due(&self, limit: u32, now: Moment) -> Result<Vec<StagedOver>, StoreError> {
        self.0.staged_over(limit, now).await
    }

    async fn next_due(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        self.0.next_staged_over(now).await
    }
}

pub(super) async fn run(parts: Parts, waker: Waker, shutdown: CancellationToken) {
    let (store, wake) = (parts.store.clone(), waker.unstage.clone());
    due_loop::run(Over(store.as_ref()), &wake, shutdown, |over| remove(parts.clone(), over)).await;
}

async fn remove(parts: Parts, over: StagedOver) -> Result<(), StoreError> {
    let removal = match &over.place {
        StagedPlace::Provider(id) => parts.provider.delete_file(id).await,
        StagedPlace::Bucket(key) => match parts.storage.delete(key).await {
            Ok(()) => FileRemoval::Gone,
            Err(error) => FileRemoval::Unknown(telemetry::chain(&error)),
        },
        // There is nothing but the row.
        StagedPlace::Public(_) => FileRemoval::Gone,
    };
    if let FileRemoval::Unknown(cause) = &removal {
        tracing::warn!(dub = %over.dub, cause, tries = over.tries, "a staged file could not be removed");
    }
    match removal_retry(&removal, &over, &parts.settings, Moment::now(), Roll::draw()) {
        None => parts.store.forget_staged(over.id).await,
        Some(retry_at) => parts.store.keep_staged(over.id, retry_at).await,
    }
}
