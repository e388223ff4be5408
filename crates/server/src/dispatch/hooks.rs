//! Webhooks: what the provider says on its own is a hint to look at once, and nothing more. What a look shows decides.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::HeaderMap;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Parts, Seeker, Waker};
use crate::{
    clock::Moment,
    fail_points::fail_point,
    provider::hook::{self, Proof},
    store::{CreateId, Hooked, PredictionId, Store, StoreError},
    telemetry,
};

/// Below which path the provider calls. What follows is a secret.
pub const HOOK_PREFIX: &str = "/hooks/eachlabs/";
/// How many hints are looked into at once: a caller who knows a token must not keep the provider busy.
const AT_ONCE: usize = 16;

/// Takes what the provider says.
#[derive(Clone)]
pub struct Hooks {
    store: Arc<dyn Store>,
    seeker: Seeker,
    waker: Waker,
    shutdown: CancellationToken,
    tasks: TaskTracker,
    /// The creates that are looked for now.
    looking: Arc<Mutex<HashSet<CreateId>>>,
}

impl Hooks {
    pub(super) fn new(
        parts: &Parts,
        seeker: Seeker,
        waker: Waker,
        shutdown: CancellationToken,
        tasks: TaskTracker,
    ) -> Self {
        Self { store: parts.store.clone(), seeker, waker, shutdown, tasks, looking: Arc::default() }
    }

    /// Takes one call. Gives whether its token is known.
    ///
    /// # Errors
    /// When the store cannot tell.
    pub async fn call(&self, token: &str, headers: &HeaderMap, body: &[u8]) -> Result<bool, StoreError> {
        let Some(hooked) = self.store.hooked(token).await? else { return Ok(false) };
        if hook::proof(headers, body, &hooked.secret) == Proof::Wrong {
            tracing::warn!(dub = %hooked.dub, "a webhook with a wrong secret or signature was ignored");
            return Ok(true);
        }
        fail_point!(C8);
        self.store.look_now(&hooked.dub, Moment::now()).await?;
        fail_point!(C9);
        self.waker.watch.notify_one();
        if let Some(id) = hook::claimed_id(body).map(PredictionId)
            && hooked.known.as_ref() != Some(&id)
            && self.begin(hooked.create)
        {
            let this = self.clone();
            self.tasks.spawn(async move {
                // Given up with the server: the next one seeks what was lost.
                this.shutdown.run_until_cancelled(this.look_into(&hooked, &id)).await;
                this.looking().remove(&hooked.create);
            });
        }
        Ok(true)
    }

    /// Whether a create may be looked for now: one look a create, and not too many.
    fn begin(&self, create: CreateId) -> bool {
        let mut looking = self.looking();
        looking.len() < AT_ONCE && looking.insert(create)
    }

    fn looking(&self) -> MutexGuard<'_, HashSet<CreateId>> {
        self.looking.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn look_into(&self, hooked: &Hooked, id: &PredictionId) {
        match self.seeker.hint(hooked, id).await {
            Ok(Some(_)) => {}
            Ok(None) => tracing::warn!(dub = %hooked.dub, "a webhook named a prediction that is not its dub's"),
            Err(error) => {
                tracing::error!(dub = %hooked.dub, error = telemetry::chain(&error), "a webhook could not be looked into");
            }
        }
    }
}
