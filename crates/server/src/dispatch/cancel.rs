//! Cancelling: predictions that their owners or nobody want are cancelled at the provider, however often that has to be
//! tried. Whether it worked is what a read says; until then they are taken as running.

use async_trait::async_trait;
use contract::DubId;
use tokio_util::sync::CancellationToken;

use super::{
    Parts, Waker,
    decide::{Roll, cancel_end},
    due_loop::{self, Source},
};
use crate::{
    clock::Moment,
    provider::CancelAnswer,
    store::{CancelDue, CancelEnd, CancelWhy, CreateId, Store, StoreError},
};

struct Unwanted<'a>(&'a dyn Store);

#[async_trait]
impl Source for Unwanted<'_> {
    type Work = CancelDue;
    type Key = CreateId;
    const AT_ONCE: usize = 8;

    fn name(&self) -> &'static str {
        "cancelling"
    }

    fn key(due: &CancelDue) -> CreateId {
        due.create
    }

    fn dub(due: &CancelDue) -> &DubId {
        &due.dub
    }

    async fn due(&self, limit: u32, now: Moment) -> Result<Vec<CancelDue>, StoreError> {
        self.0.cancels_due(limit, now).await
    }

    async fn next_due(&self, now: Moment) -> Result<Option<Moment>, StoreError> {
        self.0.next_cancel(now).await
    }
}

pub(super) async fn run(parts: Parts, waker: Waker, shutdown: CancellationToken) {
    let (store, wake) = (parts.store.clone(), waker.cancel.clone());
    due_loop::run(Unwanted(store.as_ref()), &wake, shutdown, |due| cancel(parts.clone(), waker.clone(), due)).await;
}

async fn cancel(parts: Parts, waker: Waker, due: CancelDue) -> Result<(), StoreError> {
    let (dub, prediction) = (&due.dub.0, &due.prediction.0);
    if due.tries == 0 && due.why == CancelWhy::DuplicateSpend {
        tracing::error!(
            dub,
            prediction,
            "duplicate_spend: a dub was taken by the provider twice; the second is cancelled"
        );
    }
    let asked = parts.provider.cancel(&due.prediction).await;
    if let CancelAnswer::Impossible(cause) | CancelAnswer::Passing(cause) = &asked {
        tracing::warn!(dub, prediction, cause, tries = due.tries, "a prediction could not be cancelled");
    }
    let read = match due.why {
        CancelWhy::Owner => None,
        CancelWhy::DuplicateSpend | CancelWhy::Late => Some(parts.provider.read(&due.prediction).await),
    };
    let now = Moment::now();
    let end = cancel_end(&asked, read.as_ref(), &due, &parts.settings, now, Roll::draw());
    parts.store.book_cancel(due.create, end, now).await?;
    log_end(&due, end);
    waker.watch.notify_one();
    waker.wake();
    Ok(())
}

fn log_end(due: &CancelDue, end: CancelEnd) {
    let (dub, prediction) = (&due.dub.0, &due.prediction.0);
    let step = match end {
        CancelEnd::Asked => "cancel asked for",
        CancelEnd::GivenUp => "not cancelled",
        CancelEnd::Over => "cancelled, unwanted",
        CancelEnd::Retry(_) => return,
    };
    tracing::info!(dub, prediction, step, "dub");
}
