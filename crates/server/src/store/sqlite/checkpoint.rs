//! What was written is in SQLite's log first, and is brought into the database file beside the writing.
//!
//! SQLite would do that within the commit that finds the log long enough, which then waits for the disk twice more; and behind
//! it waits whoever has a free slot. A power cut in the middle loses nothing: the log is there until the file is whole.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use sqlx::SqlitePool;
use tokio::sync::mpsc;

/// After how many commits it is done.
const EVERY: u32 = 128;
/// How long the log may become, in pages of 4 KiB, before a commit does it after all: where it is written without a pause.
pub(super) const LATEST_PAGES: &str = "16000";

/// Knows when it is time.
#[derive(Debug, Clone)]
pub(super) struct Checkpoints {
    commits: Arc<AtomicU32>,
    due: mpsc::Sender<()>,
}

impl Checkpoints {
    /// Does it over `pool`, which writes nothing else, as long as there is one who may commit.
    pub(super) fn new(pool: SqlitePool) -> Self {
        let (sender, mut due) = mpsc::channel(1);
        tokio::spawn(async move {
            while due.recv().await.is_some() {
                if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&pool).await {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the database's log could not be shortened"
                    );
                }
            }
        });
        Self { commits: Arc::default(), due: sender }
    }

    /// Counts a commit.
    pub(super) fn committed(&self) {
        if self.commits.fetch_add(1, Ordering::Relaxed) % EVERY == EVERY - 1 {
            // Whoever is told already comes for this one too.
            let _ = self.due.try_send(());
        }
    }
}
