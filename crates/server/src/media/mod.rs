//! Results: how they come from the provider, and where in the [storage](crate::storage) they lie.
//!
//! What a media file is, is decided by what arrived, never by what a header or a name says. Who may have a file is decided
//! by the [store](crate::store).

mod fetch;
mod probe;

use std::{
    io,
    path::{Path, PathBuf},
};

use contract::DubId;
pub use fetch::{FetchError, FetchRules, Fetcher};
use tokio::fs;

use crate::{
    fail_points::fail_point,
    storage::Storage,
    store::{RESULT_NAME, SavedResult},
};

/// Under which key the result `name` of the dub `id` is stored. Both must come from the store, not from a request.
pub fn result_key(id: &DubId, name: &str) -> String {
    format!("media/{id}/{name}")
}

/// Why there is no media storage, or no fetcher.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// A folder cannot be made or written.
    #[error("the folder {path} cannot be used")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// TLS could not be set up.
    #[error("the HTTP client could not be made")]
    Client(#[from] reqwest::Error),
}

/// The results in the storage, under `media/DUB/NAME`; and a folder on this machine for those that are still arriving.
#[derive(Debug, Clone)]
pub struct MediaStore {
    storage: Storage,
    arriving: PathBuf,
}

impl MediaStore {
    /// Opens the results in `storage`; what was arriving in `data_dir` when the last server ended is removed.
    ///
    /// # Errors
    /// [`MediaError::Folder`] when a folder cannot be made.
    pub fn open(data_dir: &Path, storage: Storage) -> Result<Self, MediaError> {
        let store = Self { storage, arriving: data_dir.join("tmp") };
        let unusable = |path: &Path| {
            let path = path.to_owned();
            |source| MediaError::Folder { path, source }
        };
        if store.arriving.exists() {
            std::fs::remove_dir_all(&store.arriving).map_err(unusable(&store.arriving))?;
        }
        std::fs::create_dir_all(&store.arriving).map_err(unusable(&store.arriving))?;
        Ok(store)
    }

    /// Answers when files can arrive.
    ///
    /// # Errors
    /// What the system said.
    pub async fn check(&self) -> io::Result<()> {
        let probe = self.arriving.join(".writable");
        fs::write(&probe, b"1").await
    }

    /// Fetches the result of the dub `id` from `url`, looks into it, and puts it in its place, whole and durable.
    ///
    /// # Errors
    /// [`FetchError`]; nothing of the result is left then.
    pub async fn save_result(&self, fetcher: &Fetcher, id: &DubId, url: &str) -> Result<SavedResult, FetchError> {
        let arriving = self.arriving.join(&id.0);
        let saved = self.save_through(fetcher, id, url, &arriving).await;
        if saved.is_err() {
            // It may never have been made; a leftover goes with the next start.
            let _ = fs::remove_file(&arriving).await;
        }
        saved
    }

    async fn save_through(
        &self,
        fetcher: &Fetcher,
        id: &DubId,
        url: &str,
        arriving: &Path,
    ) -> Result<SavedResult, FetchError> {
        let arrived = fetcher.fetch(url, arriving).await?;
        let probed = probe::video(arriving.to_owned()).await?;
        fail_point!(C12);
        self.storage.adopt(arriving, &result_key(id, RESULT_NAME)).await?;
        Ok(SavedResult {
            file_name: RESULT_NAME.into(),
            content_type: probed.content_type.into(),
            size_bytes: arrived.size_bytes,
            sha256: arrived.sha256,
            duration_ms: probed.duration_ms,
            width: probed.width,
            height: probed.height,
        })
    }
}
