//! One change of the store: a transaction, and the word that it is durable.

use std::ops::{Deref, DerefMut};

use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::changes;
use crate::{fail_points::fail_point, store::Feed};

/// A transaction that writes. What it has changed is told of once it is committed.
pub(super) struct Write {
    pub(super) tx: Transaction<'static, Sqlite>,
    pub(super) feed: Feed,
}

impl Write {
    pub(super) async fn commit(mut self) -> Result<(), sqlx::Error> {
        // A task of its own: who waits for it may be dropped between the commit and the word of it.
        let committed = tokio::spawn(async move {
            let news = changes::news(&mut self.tx, self.feed.told()).await?;
            self.tx.commit().await?;
            if !news.dubs.is_empty() {
                fail_point!(C14);
            }
            self.feed.tell(news);
            Ok(())
        });
        committed.await.map_err(|_| sqlx::Error::WorkerCrashed)?
    }
}

impl Deref for Write {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.tx
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.tx
    }
}
