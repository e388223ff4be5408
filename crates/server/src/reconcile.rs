//! Files and rows that have lost each other. Whatever is stored has its row first, so after a crash there is at most a file
//! that nothing needs; but disks fail, folders are restored from old copies, and people tidy up.
//!
//! A file that nothing knows is removed. A result whose file is missing is told to its owner in place of a broken video, and
//! shown again once the file is back. An upload whose file is missing is gone, so that its owner is asked for it again.
//!
//! Where another store has files too, because this one is new or was restored, what this one does not know may be the other's:
//! none of it is removed, and the operator is told.

use std::{collections::HashMap, sync::Arc, time::Duration};

use contract::DubId;
use futures_util::TryStreamExt as _;
use tokio_util::sync::CancellationToken;

use crate::{
    clock::Moment,
    dispatch::result_missing,
    media::result_key,
    storage::{STORE, Storage, StorageError},
    store::{KeptFile, Store, StoreError, UploadId},
    uploads::{UploadError, Uploads},
};

/// How often it is looked.
const EVERY: Duration = Duration::from_hours(6);
/// How old a file must be to be removed. Its row is there before it is, so this is for clocks that differ.
const SPARE: Duration = Duration::from_hours(1);
/// How many are looked at before the next are asked for.
const AT_ONCE: u32 = 200;
/// Where files lie, by the first parts of their keys.
const FOLDERS: [&str; 3] = ["media", "uploads", "staged"];

/// Why it could not be looked.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The storage failed.
    #[error("the storage failed")]
    Storage(#[from] StorageError),
    /// An upload could not be removed.
    #[error("an upload could not be removed")]
    Upload(#[from] UploadError),
}

/// What a look has put right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PutRight {
    /// Files that nothing knew: they are removed.
    pub files: u64,
    /// Results whose file is missing: their owners are told.
    pub lost: u64,
    /// Results whose file is there again.
    pub found: u64,
    /// Uploads whose file is missing: they are gone.
    pub uploads: u64,
    /// Files that nothing knew, and that may be another store's: they are left alone.
    pub left: u64,
}

/// What files and rows are compared with.
pub struct Reconciler {
    /// The rows.
    pub store: Arc<dyn Store>,
    /// The files.
    pub storage: Storage,
    /// Who removes uploads.
    pub uploads: Arc<Uploads>,
}

/// Looks at once, and from time to time, until `shutdown`; a look can be broken off anywhere.
pub async fn run(reconciler: Reconciler, shutdown: CancellationToken) {
    let looking = async {
        loop {
            match reconciler.reconcile(Moment::now()).await {
                Ok(right) => tell(right),
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "files and rows could not be compared");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    };
    tokio::select! {
        () = shutdown.cancelled() => {}
        () = looking => {}
    }
}

fn tell(PutRight { files, lost, found, uploads, left }: PutRight) {
    if files + lost + found + uploads > 0 {
        tracing::warn!(files, lost, found, uploads, "files and rows that had lost each other were put right");
    }
    if left > 0 {
        tracing::error!(
            files = left,
            "files that this database does not know are kept, as another one has been used with this storage: put that \
             database back, or remove the file `{STORE}` from the storage and start again, and they are removed"
        );
    }
}

impl Reconciler {
    /// Compares all files with all rows, at the moment `now`.
    ///
    /// # Errors
    /// That the store or the storage failed. What was put right before stays so.
    pub async fn reconcile(&self, now: Moment) -> Result<PutRight, ReconcileError> {
        // Files first: one that is new since then has a row that is new too.
        let mut there = HashMap::new();
        for folder in FOLDERS {
            let mut files = self.storage.list(folder)?;
            while let Some(file) = files.try_next().await? {
                there.insert(file.key, file.changed_at);
            }
        }
        let mut right = PutRight::default();
        self.look_for_results(&there, &mut right, now).await?;
        self.look_for_uploads(&there, &mut right, now).await?;
        self.remove_unknown(there, &mut right, now).await?;
        Ok(right)
    }

    async fn look_for_results(
        &self,
        there: &HashMap<String, Moment>,
        right: &mut PutRight,
        now: Moment,
    ) -> Result<(), ReconcileError> {
        let mut last: Option<DubId> = None;
        loop {
            let kept = self.store.kept_results(last.as_ref(), AT_ONCE).await?;
            for result in &kept {
                let is_there = self.is_there(there, &result_key(&result.dub, &result.file_name)).await?;
                if !is_there && !result.is_lost && self.store.lose_result(&result.dub, result_missing(), now).await? {
                    tracing::error!(dub = %result.dub, "the file of a result is missing");
                    right.lost += 1;
                }
                if is_there && result.is_lost && self.store.find_result(&result.dub, now).await? {
                    tracing::info!(dub = %result.dub, "the file of a result is there again");
                    right.found += 1;
                }
            }
            let Some(result) = kept.into_iter().next_back() else { return Ok(()) };
            last = Some(result.dub);
        }
    }

    async fn look_for_uploads(
        &self,
        there: &HashMap<String, Moment>,
        right: &mut PutRight,
        now: Moment,
    ) -> Result<(), ReconcileError> {
        let mut last: Option<UploadId> = None;
        loop {
            let kept = self.store.kept_uploads(last.as_ref(), AT_ONCE).await?;
            for upload in &kept {
                if !self.is_there(there, &upload.storage_key).await? && self.uploads.give_up(&upload.id, now).await? {
                    tracing::error!(upload = %upload.id, "the file of an upload is missing");
                    right.uploads += 1;
                }
            }
            let Some(upload) = kept.into_iter().next_back() else { return Ok(()) };
            last = Some(upload.id);
        }
    }

    /// Whether a file is there, or has come since the others were listed.
    async fn is_there(&self, there: &HashMap<String, Moment>, key: &str) -> Result<bool, StorageError> {
        if there.contains_key(key) {
            return Ok(true);
        }
        match self.storage.size(key).await {
            Ok(_) => Ok(true),
            Err(StorageError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn remove_unknown(
        &self,
        there: HashMap<String, Moment>,
        right: &mut PutRight,
        now: Moment,
    ) -> Result<(), ReconcileError> {
        let old = there.into_iter().filter(|(_, changed_at)| *changed_at + SPARE <= now);
        let old: Vec<KeptFile> = old.filter_map(|(key, _)| file(key)).collect();
        let is_ours = self.storage.is_of(&self.store.name().await?).await?;
        for files in old.chunks(AT_ONCE as usize) {
            for unknown in self.store.unknown_files(files.to_vec()).await? {
                if !is_ours {
                    right.left += 1;
                    continue;
                }
                let key = key(&unknown);
                match self.storage.delete(&key).await {
                    Ok(()) => {
                        tracing::warn!(key, "a file that nothing knows was removed");
                        right.files += 1;
                    }
                    // It is found again the next time.
                    Err(error) => {
                        let error = &error as &dyn std::error::Error;
                        tracing::error!(key, error, "a file that nothing knows could not be removed");
                    }
                }
            }
        }
        Ok(())
    }
}

/// What a file is for, by its key; `None` for one that we would not have put there.
fn file(key: String) -> Option<KeptFile> {
    match key.split('/').collect::<Vec<_>>()[..] {
        ["media", dub, name] => Some(KeptFile::Result { dub: DubId(dub.into()), file_name: name.into() }),
        ["uploads", _] => Some(KeptFile::Upload(key)),
        ["staged", _] => Some(KeptFile::Staged(key)),
        _ => None,
    }
}

fn key(file: &KeptFile) -> String {
    match file {
        KeptFile::Result { dub, file_name } => result_key(dub, file_name),
        KeptFile::Upload(key) | KeptFile::Staged(key) => key.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_as_it_is_written_and_others_are_left_alone() {
        for ours in ["media/a/dub.mp4", "uploads/b.mp3", "staged/c.wav"] {
            assert_eq!(key(&file(ours.into()).unwrap()), ours);
        }
        for other in ["redub", "media/a", "media/a/b/c", "uploads/a/b", "notes/a", "uploads"] {
            assert_eq!(file(other.into()), None, "{other}");
        }
    }
}
