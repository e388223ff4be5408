//! Submitting: one paid create for each queued dub, as the limits allow, never a second one by itself.

use backon::{ExponentialBuilder, Retryable};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    HOOK_PREFIX, Parts, Waker,
    decide::{Roll, create_end},
    due_loop::{NAP, STORE_PAUSE},
};
use crate::{
    clock::Moment,
    fail_points::fail_point,
    provider::{CreateAnswer, HookTarget},
    store::{CreateEnd, Intent, StoreError},
};

pub(super) async fn run(parts: Parts, waker: Waker, shutdown: CancellationToken, tasks: TaskTracker) {
    while !shutdown.is_cancelled() {
        let now = Moment::now();
        let nap = match parts.store.claim_all(parts.settings.limits, now).await {
            Ok((intents, until)) => {
                tracing::debug!(creates = intents.len(), took = ?Moment::now().after(now), "what may be sent is written down");
                for intent in intents {
                    tasks.spawn(send(parts.clone(), waker.clone(), shutdown.clone(), intent));
                }
                // Writing has taken its time.
                until.after(Moment::now()).min(NAP)
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "the queue cannot be read or written");
                STORE_PAUSE
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = waker.queue.notified() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
}

/// Sends what was intended and books what came of it.
async fn send(parts: Parts, waker: Waker, shutdown: CancellationToken, intent: Intent) {
    fail_point!(C2);
    let Intent { create, dub, input, tries, hook } = intent;
    let target = parts.hooks_at.as_ref().and_then(|base| {
        let url = base.join(&format!("{HOOK_PREFIX}{}", hook.token)).ok()?;
        Some(HookTarget { url, secret: hook.secret })
    });
    let out_of_time = async {
        shutdown.cancelled().await;
        tokio::time::sleep(parts.settings.answer_grace).await;
    };
    let answer = tokio::select! {
        answer = parts.provider.create(&input, target.as_ref()) => answer,
        () = out_of_time => CreateAnswer::Unknown("the server was stopped before the answer".into()),
    };
    log_answer(&dub.0, &answer);
    let shut = if let CreateAnswer::Shut(reason) = &answer { Some(*reason) } else { None };
    let now = Moment::now();
    let end = create_end(answer, tries, &parts.settings, now, Roll::draw());
    fail_point!(C6);
    // Until it is booked the dub stands as submitting, and a restart makes it unconfirmed: nothing is sent twice.
    let book = || async {
        match parts.store.end_create(create, end.clone(), now).await {
            Err(StoreError::PredictionTaken) => {
                let unknown = CreateAnswer::Unknown("the prediction belongs to another dub".into());
                let end = create_end(unknown, tries, &parts.settings, now, Roll::draw());
                parts.store.end_create(create, end, now).await
            }
            booked => booked,
        }
    };
    let forever = ExponentialBuilder::default().with_max_delay(STORE_PAUSE).without_max_times();
    let booking = book.retry(forever).notify(|error, _| {
        tracing::error!(dub = dub.0, error = error as &dyn std::error::Error, "a create's end could not be booked");
    });
    let given_up = async {
        shutdown.cancelled().await;
        tokio::time::sleep(parts.settings.answer_grace + STORE_PAUSE).await;
    };
    tokio::select! {
        _ = booking => {}
        () = given_up => return,
    }
    fail_point!(C7);
    match shut {
        Some(reason) => parts.breaker.shut(reason).await,
        None => parts.breaker.answered(&*parts.store).await,
    }
    if let CreateEnd::Accepted { .. } = end {
        waker.watch.notify_one();
        waker.cancel.notify_one();
    }
    waker.seek.notify_one();
    waker.wake();
    waker.unstage.notify_one();
}

fn log_answer(dub: &str, answer: &CreateAnswer) {
    match answer {
        CreateAnswer::Accepted(prediction) => tracing::info!(dub, prediction = prediction.0, step = "accepted", "dub"),
        CreateAnswer::NotSent(cause) => tracing::warn!(dub, cause, step = "not sent", "dub"),
        CreateAnswer::RateLimited { retry_after } => tracing::warn!(dub, ?retry_after, step = "rate limited", "dub"),
        CreateAnswer::Refused(_) => tracing::info!(dub, step = "refused", "dub"),
        CreateAnswer::Unknown(cause) => tracing::warn!(dub, cause, step = "unconfirmed", "dub"),
        CreateAnswer::Shut(_) => tracing::info!(dub, step = "turned away", "dub"),
    }
}
