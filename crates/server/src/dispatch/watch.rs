//! Watching: one look at a time at each running prediction, however many browsers wait for it.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use contract::Phase;
use tokio_util::sync::CancellationToken;

use super::{
    Parts, Waker,
    decide::{Roll, seen},
    due_loop::{self, InPhase},
};
use crate::{
    clock::Moment,
    fail_points::fail_point,
    provider::ReadAnswer,
    store::{Due, Seen, StoreError},
};

/// How many undocumented status words are remembered, so that each is logged once.
const WORDS_MAX: usize = 100;

pub(super) async fn run(parts: Parts, waker: Waker, shutdown: CancellationToken) {
    let known_words = Arc::new(Mutex::new(HashSet::new()));
    let (store, wake) = (parts.store.clone(), waker.watch.clone());
    let handle = |due| look(parts.clone(), waker.clone(), known_words.clone(), due);
    due_loop::run(InPhase(store.as_ref(), Phase::Processing), &wake, shutdown, handle).await;
}

async fn look(
    parts: Parts,
    waker: Waker,
    known_words: Arc<Mutex<HashSet<String>>>,
    due: Due,
) -> Result<(), StoreError> {
    let answer = parts.provider.read(&due.prediction).await;
    match &answer {
        ReadAnswer::Running(Some(word)) if is_new(&known_words, word) => {
            tracing::warn!(status = word, "the provider uses a status that is not documented; it is taken as running");
        }
        ReadAnswer::Unreadable(cause) => tracing::warn!(dub = %due.dub, cause, "a look at a prediction failed"),
        _ => {}
    }
    let now = Moment::now();
    let seen = seen(answer, &due, &parts.settings, now, Roll::draw());
    let step = match &seen {
        Seen::Running { .. } => None,
        Seen::Done { .. } => Some("made"),
        Seen::Failed { .. } => Some("failed"),
        Seen::Cancelled => Some("cancelled"),
        Seen::Lost { .. } => Some("unconfirmed"),
    };
    if step.is_some() {
        fail_point!(C10);
    }
    parts.store.book_seen(&due.dub, seen, now).await?;
    if let Some(step) = step {
        let booked_ms = Moment::now().after(now).as_millis();
        tracing::info!(dub = %due.dub, prediction = due.prediction.0, step, booked_ms, "dub");
        waker.save.notify_one();
        waker.seek.notify_one();
        waker.wake();
        waker.unstage.notify_one();
    }
    Ok(())
}

fn is_new(known: &Mutex<HashSet<String>>, word: &str) -> bool {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    known.len() < WORDS_MAX && known.insert(word.to_owned())
}
