//! Where the bytes of uploads lie: on this machine, in `arriving-uploads/ID`, while they come, and in the
//! [storage](crate::storage) once they are whole.
//!
//! Every name is one of ours: an id that was drawn, and the extension of what was found in the file.

use std::{
    collections::HashSet,
    io::{self, SeekFrom},
    path::{Path, PathBuf},
};

use tokio::{
    fs::{self, File},
    io::{AsyncReadExt as _, AsyncSeekExt as _},
};

use super::UploadError;
use crate::{storage::Storage, store::UploadId};

/// Ends the name of a file that is on its way into the storage.
const LEAVING: &str = ".leaving";

/// Both places.
#[derive(Debug, Clone)]
pub(super) struct Files {
    arriving: PathBuf,
    storage: Storage,
}

impl Files {
    /// The storage, and the folder in `data`, which is made if it is missing.
    pub(super) fn open(data: &Path, storage: Storage) -> io::Result<Self> {
        let arriving = data.join("arriving-uploads");
        std::fs::create_dir_all(&arriving)?;
        Ok(Self { arriving, storage })
    }

    /// Where the bytes that came so far are.
    pub(super) fn arriving(&self, id: &UploadId) -> PathBuf {
        self.arriving.join(&id.0)
    }

    /// How many bytes have come.
    pub(super) async fn length(&self, id: &UploadId) -> io::Result<u64> {
        match fs::metadata(self.arriving(id)).await {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Opens an upload to go on at `offset`; also gives its first bytes, up to `head_bytes`, as far as they are there.
    pub(super) async fn open_at(&self, id: &UploadId, offset: u64, head_bytes: usize) -> io::Result<(File, Vec<u8>)> {
        let path = self.arriving(id);
        let mut options = File::options();
        options.read(true).write(true);
        let mut file = match options.open(&path).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let file = options.create(true).truncate(false).open(&path).await?;
                // A crash must not take the name of what was synced.
                File::open(&self.arriving).await?.sync_all().await?;
                file
            }
            file => file?,
        };
        let mut head = Vec::new();
        (&mut file).take(offset.min(head_bytes as u64)).read_to_end(&mut head).await?;
        file.seek(SeekFrom::Start(offset)).await?;
        Ok((file, head))
    }

    /// Puts a whole upload into the storage, durably. It keeps its old place until
    /// [`forget_arriving`](Self::forget_arriving), so that a crash before it is booked loses nothing.
    pub(super) async fn keep(&self, id: &UploadId, key: &str) -> Result<(), UploadError> {
        let (place, leaving) = (self.arriving(id), self.arriving.join(format!("{id}{LEAVING}")));
        // What a crash left of an earlier try.
        remove(&leaving).await;
        if fs::hard_link(&place, &leaving).await.is_err() {
            // Not every file system has links.
            fs::copy(&place, &leaving).await?;
        }
        self.storage.adopt(&leaving, key).await?;
        // It is still there where the storage had the same file already.
        remove(&leaving).await;
        Ok(())
    }

    /// Removes the bytes of an upload from where they arrived.
    pub(super) async fn forget_arriving(&self, id: &UploadId) {
        remove(&self.arriving(id)).await;
    }

    /// Removes the bytes of a whole upload.
    pub(super) async fn forget_whole(&self, key: &str) -> Result<(), UploadError> {
        Ok(self.storage.delete(key).await?)
    }

    /// Removes whatever arrived of uploads other than these. Gives the number of files.
    pub(super) async fn sweep(&self, known: &HashSet<&str>) -> io::Result<u64> {
        let mut removed = 0;
        let mut entries = fs::read_dir(&self.arriving).await?;
        while let Some(entry) = entries.next_entry().await? {
            if entry.file_name().to_str().is_none_or(|name| !known.contains(name)) {
                remove(&entry.path()).await;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// How many bytes are free on the disk.
    pub(super) fn free_bytes(&self) -> io::Result<u64> {
        let disk = rustix::fs::statvfs(&self.arriving)?;
        Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
    }
}

/// Removes a file if it is there. One that cannot be removed is found again at the next start.
async fn remove(path: &Path) {
    match fs::remove_file(path).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(path = %path.display(), %error, "a file could not be removed");
        }
        _ => {}
    }
}
