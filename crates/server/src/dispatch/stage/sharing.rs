//! Who waits for whom, so that the dubs of a batch put a file that they share only once.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use crate::store::UploadId;

/// A file of a batch.
type Key = (String, UploadId);

/// The files of batches that are being put somewhere now. Only this process does that, so memory is enough.
#[derive(Debug, Default)]
pub(super) struct Sharing(Mutex<HashMap<Key, Arc<AsyncMutex<()>>>>);

impl Sharing {
    /// Waits until no other dub of the batch is putting the file.
    pub(super) async fn turn(&self, batch: String, upload: UploadId) -> OwnedMutexGuard<()> {
        let turn = {
            let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Those that nobody has or waits for any more.
            files.retain(|_, turn| Arc::strong_count(turn) > 1);
            files.entry((batch, upload)).or_default().clone()
        };
        turn.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_puts_a_file_at_a_time_and_nothing_is_kept_of_it() {
        let (sharing, video) = (Arc::new(Sharing::default()), || UploadId("v".into()));
        let first = sharing.turn("b".into(), video()).await;
        let (other, waiting) = (
            sharing.clone(),
            tokio::spawn({
                let sharing = sharing.clone();
                async move { drop(sharing.turn("b".into(), UploadId("v".into())).await) }
            }),
        );
        drop(other.turn("another".into(), video()).await);
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(first);
        waiting.await.unwrap();
        drop(sharing.turn("last".into(), video()).await);
        assert_eq!(sharing.0.lock().unwrap().len(), 1);
    }
}
