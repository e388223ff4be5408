//! A store that counts how often it is asked.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use contract::DubId;
use futures_util::Stream;
use tempfile::TempDir;

use super::T0;
use crate::{
    events::{Told, watch},
    store::{
        Change, ChangeStore, Claim, CreateEnd, Feed, Intent, Owner, ProviderLimits, Scope, Sight, Since, SqliteStore,
        Store as _, StoreError, StoredDub, samples,
    },
};

pub(super) type Events = Pin<Box<dyn Stream<Item = Result<Told, StoreError>> + Send>>;

const LIMITS: ProviderLimits = ProviderLimits { running: 1_000, creates: 1_000 };

pub(super) struct Counting {
    pub(super) store: SqliteStore,
    /// How many, by owner.
    pub(super) questions: Mutex<HashMap<String, usize>>,
    _folder: TempDir,
}

impl Counting {
    pub(super) async fn open() -> Arc<Self> {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open_unsynced(&folder.path().join("redub.db")).await.unwrap();
        Arc::new(Self { store, questions: Mutex::default(), _folder: folder })
    }

    fn asked(&self, scope: &Scope) -> &SqliteStore {
        *self.questions.lock().unwrap().entry(scope.owner.0.clone()).or_default() += 1;
        &self.store
    }

    pub(super) async fn insert(&self, owner: &str, id: &str) {
        self.store.insert_dub(samples::dub(id, owner), T0).await.unwrap();
    }

    /// Sends the first in the queue.
    pub(super) async fn claim(&self) -> Intent {
        match self.store.claim(LIMITS, T0).await.unwrap() {
            Claim::Send(intent) => *intent,
            Claim::Wait(until) => panic!("nothing until {until:?}"),
        }
    }

    pub(super) async fn end(&self, intent: &Intent, end: CreateEnd) {
        self.store.end_create(intent.create, end, T0).await.unwrap();
    }

    pub(super) fn watch(self: &Arc<Self>, owner: &str, known: Option<Change>) -> Events {
        self.watch_in(Scope { owner: Owner(owner.into()), dub: None }, known)
    }

    pub(super) fn watch_one(self: &Arc<Self>, owner: &str, id: &str) -> Events {
        self.watch_in(Scope { owner: Owner(owner.into()), dub: Some(DubId(id.into())) }, None)
    }

    fn watch_in(self: &Arc<Self>, scope: Scope, known: Option<Change>) -> Events {
        Box::pin(watch(self.clone(), scope, known, Duration::ZERO))
    }
}

#[async_trait]
impl ChangeStore for Counting {
    fn feed(&self) -> &Feed {
        self.store.feed()
    }

    async fn last_change(&self) -> Result<Change, StoreError> {
        self.store.last_change().await
    }

    async fn newest(&self, scope: &Scope, count: u32) -> Result<Change, StoreError> {
        self.asked(scope).newest(scope, count).await
    }

    async fn changed(&self, scope: &Scope, since: Since, limit: u32) -> Result<Vec<Sight>, StoreError> {
        self.asked(scope).changed(scope, since, limit).await
    }

    async fn waiting(&self, scope: &Scope, limit: u32) -> Result<Vec<StoredDub>, StoreError> {
        self.asked(scope).waiting(scope, limit).await
    }
}
