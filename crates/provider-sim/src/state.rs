//! What the requests and the running predictions share. One short lock around the book; never held across an await.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::faults::Times;
use crate::journal::Lines;
use crate::limits::Window;
use crate::options::Options;
use crate::prediction::Prediction;
use crate::render::Renderer;
use crate::storage::Storage;
use crate::url_gate::UrlGate;

/// The running simulator, as its routes and tasks see it.
pub(crate) struct Sim {
    pub(crate) options: Options,
    /// How others reach us, without a final slash.
    pub(crate) base: String,
    pub(crate) gate: UrlGate,
    pub(crate) journal: Lines,
    pub(crate) endings: Lines,
    pub(crate) storage: Storage,
    pub(crate) renderer: Renderer,
    /// Sends webhooks.
    pub(crate) http: reqwest::Client,
    pub(crate) counters: Counters,
    pub(crate) closing: CancellationToken,
    /// One task a running prediction.
    pub(crate) tasks: TaskTracker,
    pub(crate) book: Mutex<Book>,
}

impl Sim {
    /// The book is whole after any panic: each change to it is one insert or one assignment.
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn stats(&self) -> Stats {
        let book = self.book();
        let read = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        Stats {
            create_requests: read(&self.counters.create_requests),
            accepted: book.order.len(),
            running: book.predictions.values().filter(|prediction| prediction.is_running()).count(),
            max_running: book.max_running,
            reads: read(&self.counters.reads),
            webhooks_sent: read(&self.counters.webhooks_sent),
            strayed_requests: read(&self.counters.strayed_requests),
            keys_sent_to_storage: read(&self.counters.keys_sent_to_storage),
        }
    }
}

/// Every prediction, and what is counted by key or by input.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) predictions: HashMap<String, Prediction>,
    /// Ids, oldest first.
    pub(crate) order: Vec<String>,
    pub(crate) window: Window,
    pub(crate) max_running: usize,
    /// How often a fault that runs out was acted, by its name and the input's fingerprint.
    acted: HashMap<(String, String), Times>,
    /// Paths that creates were sent on to, with the input's fingerprint.
    pub(crate) redirected: HashSet<(String, String)>,
}

impl Book {
    pub(crate) fn running(&self, account: &str) -> usize {
        let running = |prediction: &&Prediction| prediction.is_running() && prediction.entry.key_hash == account;
        self.predictions.values().filter(running).count()
    }

    pub(crate) fn insert(&mut self, prediction: Prediction) {
        let account = prediction.entry.key_hash.clone();
        self.order.push(prediction.entry.prediction_id.clone());
        self.predictions.insert(prediction.entry.prediction_id.clone(), prediction);
        self.max_running = self.max_running.max(self.running(&account));
    }

    /// Takes back an insert that could not be journalled.
    pub(crate) fn remove(&mut self, id: &str) {
        self.order.retain(|known| known != id);
        self.predictions.remove(id);
    }

    /// Whether a fault is to be acted once more for this input.
    pub(crate) fn acts(&mut self, fault: &str, fingerprint: &str, times: Times) -> bool {
        let acted = self.acted.entry((fault.to_owned(), fingerprint.to_owned())).or_default();
        let more = *acted < times;
        *acted = acted.saturating_add(Times::from(more));
        more
    }
}

/// Things that are only counted.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) create_requests: AtomicUsize,
    pub(crate) reads: AtomicUsize,
    pub(crate) webhooks_sent: AtomicUsize,
    pub(crate) strayed_requests: AtomicUsize,
    pub(crate) keys_sent_to_storage: AtomicUsize,
}

/// Adds one.
pub(crate) fn count(counter: &AtomicUsize) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// What the simulator has seen since it started; also `GET /stats`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Every POST that arrived to create a prediction, refused ones too.
    pub create_requests: usize,
    /// Predictions in the journal, those of earlier starts too.
    pub accepted: usize,
    /// Predictions running now.
    pub running: usize,
    /// The most that ever ran at once under one key.
    pub max_running: usize,
    /// Reads of single predictions.
    pub reads: usize,
    /// Webhook requests sent, tries that failed too.
    pub webhooks_sent: usize,
    /// Requests that followed `sim:redirect=elsewhere`: a client must send none.
    pub strayed_requests: usize,
    /// Requests to the storage that carried an API key: a client must send none.
    pub keys_sent_to_storage: usize,
}

/// The state as axum hands it to a route.
pub(crate) type Shared = axum::extract::State<Arc<Sim>>;
