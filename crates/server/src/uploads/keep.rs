//! How long uploads stay.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{UploadError, Uploads};
use crate::{clock::Moment, fail_points::fail_point, store::UploadId};

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
    /// Removes what is over at the moment `now`. Gives the number. One that cannot be removed is tried again another time,
    /// and keeps no other.
    ///
    /// # Errors
    /// When the store cannot tell what is over.
    pub async fn expire(&self, now: Moment) -> Result<u64, UploadError> {
        let (mut removed, mut last) = (0, None);
        loop {
            let over = self.store.expired_uploads(last.as_ref(), AT_ONCE, now).await?;
            for id in &over {
                // Who is still sending is let go on until the next time.
                let Some(_turn) = self.writers.take_if_free(id) else { continue };
                match self.expire_one(id, now).await {
                    Ok(()) => removed += 1,
                    // Its owner, or a dub, came first; or it has just become whole.
                    Err(UploadError::NotFound | UploadError::InUse) => {}
                    Err(error) => {
                        let error = &error as &dyn std::error::Error;
                        tracing::error!(upload = %id, error, "an expired upload could not be removed");
                    }
                }
            }
            last = over.into_iter().next_back();
            if last.is_none() {
                return Ok(removed);
            }
        }
    }

    async fn expire_one(&self, id: &UploadId, now: Moment) -> Result<(), UploadError> {
        let disowned = self.store.expire_upload(id, now).await?;
        fail_point!(R3);
        self.clear(id, disowned).await
    }

    /// Removes an upload whose bytes are missing, unless a dub needs it: that will fail, and say so. Whether it was removed.
    ///
    /// # Errors
    /// When it cannot be removed; it is over then, and tried again.
    pub async fn give_up(&self, id: &UploadId, now: Moment) -> Result<bool, UploadError> {
        let Some(_turn) = self.writers.take_if_free(id) else { return Ok(false) };
        match self.forget(id, now).await {
            Ok(()) => Ok(true),
            Err(UploadError::NotFound | UploadError::InUse) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
