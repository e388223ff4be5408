//! A storage's folder: what of it is not reading.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use object_store::{ObjectStore, local::LocalFileSystem, path::Path as ObjectPath};
use tokio::fs::{self, File};

use super::{STORE, StorageError};

/// A key with fewer parts lies in a folder that it shares with others.
const PARTS_WITH_OWN_FOLDER: usize = 3;
/// Where the names of the stores are written before they are in their place.
const STORE_ARRIVING: &str = ".redub-store";

#[derive(Debug, Clone)]
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(super) fn open(root: &Path) -> Result<(Self, Arc<dyn ObjectStore>), StorageError> {
        std::fs::create_dir_all(root)?;
        let root = root.canonicalize()?;
        let objects = LocalFileSystem::new_with_prefix(&root)?;
        Ok((Self { root }, Arc::new(objects)))
    }

    pub(super) async fn adopt(&self, from: &Path, key: &ObjectPath) -> io::Result<()> {
        File::open(from).await?.sync_all().await?;
        let place = self.place(key);
        let folder = place.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).await?;
        fs::rename(from, &place).await?;
        // The renaming is durable only once the folders are, and they may be new themselves.
        for folder in folder.ancestors().take_while(|folder| folder.starts_with(&self.root)) {
            File::open(folder).await?.sync_all().await?;
        }
        Ok(())
    }

    /// Removes the folder of a deleted file, if it was the file's own and nothing else is in it.
    pub(super) async fn tidy(&self, key: &ObjectPath) {
        if key.parts_count() >= PARTS_WITH_OWN_FOLDER
            && let Some(folder) = self.place(key).parent()
        {
            // It is shared after all, or gone: either is as it should be.
            let _ = fs::remove_dir(folder).await;
        }
    }

    /// Whether no other store than the one of this name has files here; it has them from now on.
    pub(super) async fn is_of(&self, name: &str) -> io::Result<bool> {
        let names = match fs::read_to_string(self.root.join(STORE)).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            names => names?,
        };
        if !names.lines().any(|known| known == name) {
            let arriving = self.root.join(STORE_ARRIVING);
            fs::write(&arriving, format!("{names}{name}\n")).await?;
            self.adopt(&arriving, &ObjectPath::from(STORE)).await?;
        }
        Ok(names.lines().all(|known| known == name))
    }

    pub(super) async fn check(&self) -> io::Result<()> {
        fs::write(self.root.join(".writable"), b"1").await
    }

    fn place(&self, key: &ObjectPath) -> PathBuf {
        key.parts().fold(self.root.clone(), |place, part| place.join(part.as_ref()))
    }
}
