//! Expiring: results whose time is over are taken from their dubs, and then removed like any other that nobody has.
//!
//! The owner is told, and the removal noted, in one transaction before the file goes: a crash leaves neither a dub that
//! promises a file which is gone, nor a file that nobody removes.

use async_trait::async_trait;
use contract::DubId;
use tokio_util::sync::CancellationToken;

use super::{
    Parts, Waker,
    due_loop::{self, Source},
    words,
};
use crate::{
    clock::Moment,
    fail_points::fail_point,
    store::{ExpiredResult, Store, StoreError},
};

struct Expired<'a>(&'a dyn Store);

#[async_trait]
impl Source for Expired<'_> {
    type Work = ExpiredResult;
    type Key = DubId;
    const AT_ONCE: usize = 4;

    fn name(&self) -> &'static str {
        "expiring"
    }

    fn key(expired: &ExpiredResult) -> DubId {
        expired.dub.clone()
    }

    fn dub(expired: &ExpiredResult) -> &DubId {
        &expired.dub
    }

    async fn due(&self, limit: u32, now: Moment) -> Result<Vec<ExpiredResult>, StoreError> {
        self.0.expired_results(limit, now).await
    }

    async fn next_due(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        self.0.next_expiry(now).await
    }
}

pub(super) async fn run(parts: Parts, waker: Waker, shutdown: CancellationToken) {
    let (store, wake) = (parts.store.clone(), waker.expire.clone());
    let handle = |expired| expire(parts.clone(), waker.clone(), expired);
    due_loop::run(Expired(store.as_ref()), &wake, shutdown, handle).await;
}

async fn expire(
    parts: Parts,
    waker: Waker,
    ExpiredResult { dub, expires_at }: ExpiredResult,
) -> Result<(), StoreError> {
    if parts.store.expire_result(&dub, words::result_expired(expires_at), Moment::now()).await? {
        fail_point!(R1);
        tracing::info!(%dub, step = "expired", "dub");
    }
    waker.remove.notify_one();
    Ok(())
}
