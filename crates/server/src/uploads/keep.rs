//! How long uploads stay.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{UploadError, Uploads};
use crate::clock::Moment;

/// How often it is looked what is over.
const EVERY: Duration = Duration::from_mins(10);
/// How many are removed before the next are asked for.
const AT_ONCE: u32 = 100;

/// Removes what is over, from time to time, until `shutdown`.
pub async fn run(uploads: Arc<Uploads>, shutdown: CancellationToken) {
    loop {
        match uploads.expire(Moment::now()).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(uploads = removed, "expired uploads were removed"),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "expired uploads could not be removed");
            }
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

impl Uploads {
    /// Removes what is over at the moment `now`. Gives the number.
    ///
    /// # Errors
    /// When the store fails; the rest is removed another time.
    pub async fn expire(&self, now: Moment) -> Result<u64, UploadError> {
        let mut removed = 0;
        loop {
            let mut removed_now = 0;
            for id in self.store.expired_uploads(AT_ONCE, now).await? {
                // Who is still sending is let go on until the next time.
                let Some(_turn) = self.writers.take_if_free(&id) else { continue };
                match self.forget(&id).await {
                    Ok(()) => removed_now += 1,
                    // Its owner, or a dub, came first.
                    Err(UploadError::NotFound | UploadError::InUse) => {}
                    Err(error) => return Err(error),
                }
            }
            removed += removed_now;
            if removed_now == 0 {
                return Ok(removed);
            }
        }
    }
}
