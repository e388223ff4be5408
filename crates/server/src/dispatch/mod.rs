//! The way of a dub from the queue to its result: stage, submit, watch, save, and unstage; and from there to its end.
//!
//! Loops over the [store](crate::store), which is the queue and the only memory: whatever is lost with this process
//! is found there by the next. What an answer of the provider means is decided in `decide`, without a clock or a network.

mod breaker;
mod cancel;
mod decide;
mod due_loop;
mod estimate;
mod expire;
mod hooks;
mod remove;
mod save;
mod seek;
mod settings;
#[cfg(test)]
mod simulation;
mod stage;
mod submit;
mod unstage;
mod watch;
mod words;

use std::{sync::Arc, time::Duration};

pub use breaker::Breaker;
pub use estimate::Estimates;
pub use hooks::{HOOK_PREFIX, Hooks};
pub use seek::Seeker;
pub use settings::Settings;
pub use stage::{StagingWay, TOKEN_PREFIX};
use tokio::sync::Notify;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;
pub use words::result_missing;

use crate::{
    clock::Moment,
    media::{Fetcher, MediaStore},
    provider::Client,
    storage::Storage,
    store::{Store, StoreError},
};

/// What a dispatcher works with.
#[derive(Clone)]
pub struct Parts {
    /// The queue.
    pub store: Arc<dyn Store>,
    /// Who makes the dubs.
    pub provider: Client,
    /// Where results are put.
    pub media: Arc<MediaStore>,
    /// Who gets them there.
    pub fetcher: Fetcher,
    /// Where visitors' files lie.
    pub storage: Storage,
    /// How the provider gets at them.
    pub staging: StagingWay,
    /// The address below which the provider may call, where it can.
    pub hooks_at: Option<Url>,
    /// What the operator is told of the provider.
    pub breaker: Breaker,
    /// How long results are kept.
    pub keep_results: Duration,
    /// How often and how long.
    pub settings: Settings,
}

/// Tells the dispatcher that there is something to do sooner than it thinks.
#[derive(Debug, Clone, Default)]
pub struct Waker {
    queue: Arc<Notify>,
    stage: Arc<Notify>,
    unstage: Arc<Notify>,
    watch: Arc<Notify>,
    cancel: Arc<Notify>,
    seek: Arc<Notify>,
    remove: Arc<Notify>,
    save: Arc<Notify>,
    expire: Arc<Notify>,
}

impl Waker {
    /// A dub was queued, or a slot became free.
    pub fn wake(&self) {
        self.queue.notify_one();
        self.stage.notify_one();
    }

    /// Its owner wants a dub cancelled: its place may be free, its files may be in nobody's way, its prediction may run.
    pub fn cancelled(&self) {
        self.cancel.notify_one();
        self.unstage.notify_one();
        self.wake();
    }

    /// A dub was taken from its owner: as when it was cancelled, and its result is to be removed.
    pub fn deleted(&self) {
        self.remove.notify_one();
        self.cancelled();
    }
}

/// The running loops.
pub struct Dispatcher {
    waker: Waker,
    tasks: TaskTracker,
    hooks: Hooks,
}

impl Dispatcher {
    /// Puts right what the last process left, then starts the loops. They end with `shutdown`; a create in flight is
    /// answered or written down before.
    ///
    /// # Errors
    /// [`StoreError`] when the store cannot be put right: nothing is sent then.
    pub async fn start(parts: Parts, shutdown: CancellationToken) -> Result<Self, StoreError> {
        let now = Moment::now();
        let lost = parts.store.recover(words::unconfirmed(), now + parts.settings.slot_hold, now).await?;
        if lost > 0 {
            tracing::warn!(
                dubs = lost,
                "creates were in flight when the last server ended; their dubs are unconfirmed"
            );
        }
        parts.store.promise_results(now + parts.keep_results).await?;
        parts.breaker.recall(&*parts.store).await?;
        let (waker, tasks) = (Waker::default(), TaskTracker::new());
        tasks.spawn(submit::run(parts.clone(), waker.clone(), shutdown.clone(), tasks.clone()));
        tasks.spawn(watch::run(parts.clone(), waker.clone(), shutdown.clone()));
        tasks.spawn(stage::run(parts.clone(), waker.clone(), shutdown.clone()));
        tasks.spawn(cancel::run(parts.clone(), waker.clone(), shutdown.clone()));
        tasks.spawn(unstage::run(parts.clone(), waker.clone(), shutdown.clone()));
        tasks.spawn(remove::run(parts.clone(), waker.clone(), shutdown.clone()));
        tasks.spawn(expire::run(parts.clone(), waker.clone(), shutdown.clone()));
        let seeker = Seeker::new(&parts, waker.clone());
        tasks.spawn(seek::run(seeker.clone(), shutdown.clone()));
        let hooks = Hooks::new(&parts, seeker, waker.clone(), shutdown.clone(), tasks.clone());
        tasks.spawn(save::run(parts, waker.clone(), shutdown));
        tasks.close();
        Ok(Self { waker, tasks, hooks })
    }

    /// What wakes it.
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// Who takes what the provider says on its own.
    pub fn hooks(&self) -> Hooks {
        self.hooks.clone()
    }

    /// Waits until everything has ended, after the shutdown.
    pub async fn finished(&self) {
        self.tasks.wait().await;
    }
}
