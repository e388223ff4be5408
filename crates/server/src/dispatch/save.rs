//! Saving: each finished prediction's video, whole, into our own storage.

use contract::Phase;
use tokio_util::sync::CancellationToken;

use super::{
    Parts, Waker,
    decide::{Roll, save_failure},
    due_loop::{self, InPhase},
    words,
};
use crate::{
    clock::Moment,
    fail_points::fail_point,
    store::{Due, SaveEnd, StoreError},
};

pub(super) async fn run(parts: Parts, waker: Waker, shutdown: CancellationToken) {
    let (store, wake) = (parts.store.clone(), waker.save.clone());
    let handle = |due| save(parts.clone(), waker.clone(), due);
    due_loop::run(InPhase(store.as_ref(), Phase::Saving), &wake, shutdown, handle).await;
}

async fn save(parts: Parts, waker: Waker, due: Due) -> Result<(), StoreError> {
    let end = match &due.result_url {
        None => SaveEnd::Failed(words::no_result()),
        Some(url) => match parts.media.save_result(&parts.fetcher, &due.dub, url).await {
            Ok(saved) => {
                fail_point!(C13);
                SaveEnd::Saved(saved, Moment::now() + parts.keep_results)
            }
            Err(error) => {
                let cause = &error as &dyn std::error::Error;
                tracing::warn!(dub = %due.dub, error = cause, "a result could not be saved");
                save_failure(&error, &due, &parts.settings, Moment::now(), Roll::draw())
            }
        },
    };
    let step = match &end {
        SaveEnd::Saved(..) => "succeeded",
        SaveEnd::Retry(_) => "saving again",
        SaveEnd::Failed(_) => "failed",
    };
    parts.store.book_save(&due.dub, end, Moment::now()).await?;
    tracing::info!(dub = %due.dub, step, "dub");
    waker.unstage.notify_one();
    waker.remove.notify_one();
    waker.expire.notify_one();
    Ok(())
}
