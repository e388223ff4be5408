//! Seeking: predictions of creates whose answers were lost, in what the provider lists, for as long as these hold a slot; and
//! at a hint, whenever it comes.
//!
//! An input that equals what was sent is evidence. Where a read tells none, the secret path by which the hint came stands in
//! its place. Only a find is evidence: that there is none says nothing.

use std::{collections::HashSet, fmt, sync::Arc};

use tokio_util::sync::CancellationToken;

use super::{
    Parts, Settings, Waker,
    decide::{Roll, candidates, list_from, list_size, seek_pause},
    due_loop::{NAP, STORE_PAUSE},
};
use crate::{
    clock::Moment,
    fail_points::fail_point,
    provider::{Client, Echo, Executions, ReadAnswer},
    store::{CreateId, Evidence, Hooked, PredictionId, Sought, Store, StoreError},
    telemetry,
};

/// Looks into what is said to be the prediction of a dub. A hint is believed only where the provider's own answer agrees.
#[derive(Clone)]
pub struct Seeker {
    store: Arc<dyn Store>,
    provider: Client,
    waker: Waker,
    settings: Settings,
}

impl fmt::Debug for Seeker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seeker").finish_non_exhaustive()
    }
}

impl Seeker {
    pub(super) fn new(parts: &Parts, waker: Waker) -> Self {
        Self { store: parts.store.clone(), provider: parts.provider.clone(), waker, settings: parts.settings }
    }

    /// What it comes to that `prediction` was named by the path of `hooked`; `None` where nothing agrees, and nothing changed.
    /// It makes no difference how often it is said.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be read or written.
    pub async fn hint(&self, hooked: &Hooked, prediction: &PredictionId) -> Result<Option<Evidence>, StoreError> {
        let creates = self.store.creates_of(&hooked.dub).await?;
        if let Some(known) = creates.iter().find(|create| create.prediction.as_ref() == Some(prediction)) {
            // Lost from sight, perhaps: then a read that works is enough.
            return match self.provider.read(prediction).await {
                ReadAnswer::Missing | ReadAnswer::Unreadable(_) => Ok(Some(Evidence::Known)),
                _ => self.book_hint(known, prediction).await.map(Some),
            };
        }
        let Some(echo) = self.provider.execution(prediction).await else { return Ok(None) };
        match made_by(creates, hooked.create, &echo) {
            None => Ok(None),
            Some(create) => self.book_hint(&create, prediction).await.map(Some),
        }
    }

    async fn book_hint(&self, create: &Sought, prediction: &PredictionId) -> Result<Evidence, StoreError> {
        fail_point!(C8);
        let found = self.book(create, prediction).await;
        fail_point!(C9);
        found
    }

    async fn book(&self, create: &Sought, prediction: &PredictionId) -> Result<Evidence, StoreError> {
        let now = Moment::now();
        let found = self.store.book_evidence(create.create, prediction, now, now).await?;
        let step = match found {
            Evidence::Adopted => "found",
            Evidence::DuplicateSpend => "found twice",
            Evidence::Late => "found late",
            Evidence::Known | Evidence::Unclear => return Ok(found),
        };
        tracing::warn!(dub = create.dub.0, prediction = prediction.0, step, "dub");
        self.waker.watch.notify_one();
        self.waker.cancel.notify_one();
        Ok(found)
    }

    /// Looks once for all that is lost.
    async fn look(&self, sought: &[Sought], failures: u32) -> Result<Looked, StoreError> {
        let mut looked = Looked::Done;
        for lost in sought {
            if let Some(prediction) = &lost.prediction {
                match self.provider.read(prediction).await {
                    ReadAnswer::Missing | ReadAnswer::Unreadable(_) => {}
                    _ => drop(self.book(lost, prediction).await?),
                }
            }
        }
        let Some(from) = list_from(sought) else { return Ok(looked) };
        match self.provider.executions(from, list_size(failures)).await {
            Executions::Listed(executions) => self.take(sought, candidates(&executions, sought)).await?,
            Executions::Missing => looked = Looked::Nowhere,
            Executions::Unreadable(cause) => {
                tracing::warn!(cause, "the provider's list of executions could not be read");
                looked = Looked::Failed;
            }
        }
        Ok(looked)
    }

    /// Books each create's first candidate that nobody has.
    async fn take(&self, sought: &[Sought], candidates: Vec<(CreateId, PredictionId)>) -> Result<(), StoreError> {
        let mut settled = HashSet::new();
        for (create, prediction) in candidates {
            let Some(lost) = sought.iter().find(|sought| sought.create == create) else { continue };
            if settled.contains(&create) {
                continue;
            }
            if matches!(self.book(lost, &prediction).await?, Evidence::Known) {
                continue;
            }
            settled.insert(create);
        }
        Ok(())
    }
}

/// Which of a dub's creates made what a read shows, when the path of `told` named it.
fn made_by(creates: Vec<Sought>, told: CreateId, echo: &Echo) -> Option<Sought> {
    match echo {
        Echo::Input(execution) => {
            let fitting = creates.into_iter().filter(|c| c.sent.as_ref().is_some_and(|sent| execution.is_of(sent)));
            // One that has none of its own first; then it is a second one, of whichever says the same.
            fitting.min_by_key(|create| create.prediction.is_some())
        }
        // The path was told to the provider alone, with this create alone. One that has its prediction made no other.
        Echo::Silent => creates.into_iter().find(|create| create.create == told && create.prediction.is_none()),
    }
}

/// How a look ended.
enum Looked {
    Done,
    Failed,
    /// There is nowhere to look.
    Nowhere,
}

pub(super) async fn run(seeker: Seeker, shutdown: CancellationToken) {
    let (mut failures, mut has_list) = (0, true);
    loop {
        let now = Moment::now();
        let looking = async {
            let mut sought = seeker.store.sought(now).await?;
            sought.retain(|sought| has_list || sought.prediction.is_some());
            if sought.is_empty() {
                return Ok(None);
            }
            Ok(Some((seeker.look(&sought, failures).await?, sought)))
        };
        let looked: Option<Result<_, StoreError>> = shutdown.run_until_cancelled(looking).await;
        let nap = match looked {
            None => return,
            Some(Ok(None)) => NAP,
            Some(Ok(Some((looked, sought)))) => {
                failures = if matches!(looked, Looked::Failed) { failures.saturating_add(1) } else { 0 };
                if matches!(looked, Looked::Nowhere) {
                    has_list = false;
                    tracing::warn!("the provider lists no executions: lost creates are found by webhooks alone");
                }
                seek_pause(&sought, failures, &seeker.settings, now, Roll::draw())
            }
            Some(Err(error)) => {
                tracing::error!(error = telemetry::chain(&error), "lost creates could not be looked for");
                STORE_PAUSE
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = seeker.waker.seek.notified() => {}
            () = tokio::time::sleep(nap) => {}
        }
    }
}
