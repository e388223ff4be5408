//! Files that must last, in a folder or in an S3-compatible bucket: one layer, so that nothing above it knows which.
//!
//! A file has a key, which comes from the [store](crate::store) and never from a request, and is whole or not there: it
//! arrives elsewhere on this machine and is [adopted](Storage::adopt). Who may have it is decided above.

mod bucket;
mod folder;

use std::{io, ops::Range, path::Path, sync::Arc, time::Duration};

use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use hyper::body::Bytes;
use object_store::{GetOptions, GetResultPayload, ObjectStore, ObjectStoreExt as _, path::Path as ObjectPath};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;
use url::Url;

use bucket::Bucket;
pub use bucket::BucketSettings;
use folder::Folder;

use crate::clock::Moment;

/// How much of a file in a folder is read at once, in bytes.
const READ_BYTES: usize = 64 * 1024;

/// The file that says whose files these are.
pub const STORE: &str = "redub-store";

/// Why the storage did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// There is no file under this key.
    #[error("there is no such file in the storage")]
    NotFound,
    /// The key cannot be one: it has an empty part, or one that points elsewhere.
    #[error("a key that cannot be one")]
    Key,
    /// The folder cannot be read or written.
    #[error("the storage's folder failed")]
    Disk(#[from] io::Error),
    /// The bucket does not answer, or not with what was asked for.
    #[error("the storage's bucket failed")]
    Bucket(#[source] object_store::Error),
    /// Only a bucket has links for strangers.
    #[error("a folder has no links")]
    NoLinks,
}

impl From<object_store::Error> for StorageError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound,
            error => Self::Bucket(error),
        }
    }
}

/// A file that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// When its bytes were last written.
    pub changed_at: Moment,
}

/// A file, or a part of it, as it is read.
pub struct Reading {
    /// How long the whole file is.
    pub size_bytes: u64,
    /// Which part of it this is.
    pub range: Range<u64>,
    /// That part.
    pub bytes: BoxStream<'static, io::Result<Bytes>>,
}

/// Where files are kept.
#[derive(Debug, Clone)]
pub struct Storage {
    objects: Arc<dyn ObjectStore>,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

impl Storage {
    /// The storage in `root`, which is made if it is missing.
    ///
    /// # Errors
    /// [`StorageError::Disk`] when it cannot be made.
    pub fn folder(root: &Path) -> Result<Self, StorageError> {
        let (folder, objects) = Folder::open(root)?;
        Ok(Self { objects, place: Place::Folder(folder) })
    }

    /// The storage in a bucket; connects once, so that a wrong name or key is known at once.
    ///
    /// # Errors
    /// [`StorageError::Bucket`] when it cannot be written.
    pub async fn bucket(settings: BucketSettings) -> Result<Self, StorageError> {
        let (bucket, objects) = Bucket::open(settings).await?;
        Ok(Self { objects, place: Place::Bucket(bucket) })
    }

    /// Takes over the finished file `from` under `key`, in place of what was there: durable when it returns, and `from`
    /// is gone. A folder's file must lie on the same disk; it is renamed, not copied.
    ///
    /// # Errors
    /// Any; `from` is still there then.
    pub async fn adopt(&self, from: &Path, key: &str) -> Result<(), StorageError> {
        let path = path(key)?;
        match &self.place {
            Place::Folder(folder) => Ok(folder.adopt(from, &path).await?),
            Place::Bucket(_) => {
                bucket::put(&*self.objects, from, &path).await?;
                Ok(tokio::fs::remove_file(from).await?)
            }
        }
    }

    /// Reads a file: all of it, or the part `range`, which must not be empty nor begin behind the end.
    ///
    /// # Errors
    /// [`StorageError::NotFound`], or that the storage fails. A stream that breaks off ends in an error.
    pub async fn read(&self, key: &str, range: Option<Range<u64>>) -> Result<Reading, StorageError> {
        let options = GetOptions { range: range.map(Into::into), ..GetOptions::default() };
        let found = self.objects.get_opts(&path(key)?, options).await?;
        let (size_bytes, range) = (found.meta.size, found.range.clone());
        let bytes = match found.payload {
            GetResultPayload::File(file, _) => {
                let mut file = tokio::fs::File::from_std(file);
                file.seek(io::SeekFrom::Start(range.start)).await?;
                let part = file.take(range.end.saturating_sub(range.start));
                ReaderStream::with_capacity(part, READ_BYTES).boxed()
            }
            GetResultPayload::Stream(stream) => stream.map_err(io::Error::other).boxed(),
        };
        Ok(Reading { size_bytes, range, bytes })
    }

    /// How long a file is.
    ///
    /// # Errors
    /// [`StorageError::NotFound`], or that the storage fails.
    pub async fn size(&self, key: &str) -> Result<u64, StorageError> {
        Ok(self.objects.head(&path(key)?).await?.size)
    }

    /// All files whose keys begin with the folder `prefix`, in any order; what changes meanwhile may be among them or not.
    ///
    /// # Errors
    /// [`StorageError::Key`]. A storage that fails ends the stream in an error.
    pub fn list(&self, prefix: &str) -> Result<BoxStream<'static, Result<Listed, StorageError>>, StorageError> {
        let files = self.objects.list(Some(&path(prefix)?));
        let listed = files.map_ok(|file| Listed {
            changed_at: Moment(file.last_modified.timestamp_millis()),
            key: file.location.into(),
        });
        Ok(listed.map_err(StorageError::from).boxed())
    }

    /// Whether the files here are those of the store `name` alone. A bucket is the first one's that asks. A folder outlives a
    /// store that is deleted or restored, and then has files of several: it keeps the names of all that have asked.
    ///
    /// # Errors
    /// That the storage fails.
    pub async fn is_of(&self, name: &str) -> Result<bool, StorageError> {
        match &self.place {
            Place::Folder(folder) => Ok(folder.is_of(name).await?),
            Place::Bucket(_) => bucket::is_of(&*self.objects, name).await,
        }
    }

    /// Puts the file `from` under the key `to` as well.
    ///
    /// # Errors
    /// [`StorageError::NotFound`], or that the storage fails.
    pub async fn copy(&self, from: &str, to: &str) -> Result<(), StorageError> {
        Ok(self.objects.copy(&path(from)?, &path(to)?).await?)
    }

    /// Removes a file. That there is none is fine.
    ///
    /// # Errors
    /// That the storage fails.
    pub async fn delete(&self, key: &str) -> Result<(), StorageError> {
        let path = path(key)?;
        match self.objects.delete(&path).await.map_err(StorageError::from) {
            Ok(()) | Err(StorageError::NotFound) => {}
            Err(error) => return Err(error),
        }
        if let Place::Folder(folder) = &self.place {
            folder.tidy(&path).await;
        }
        Ok(())
    }

    /// A link under which anyone can read a file for as long as `life`, a week at most.
    ///
    /// # Errors
    /// [`StorageError::NoLinks`] in a folder.
    pub async fn link(&self, key: &str, life: Duration) -> Result<Url, StorageError> {
        match &self.place {
            Place::Folder(_) => Err(StorageError::NoLinks),
            Place::Bucket(bucket) => bucket.link(&path(key)?, life).await,
        }
    }

    /// Answers when files can be written.
    ///
    /// # Errors
    /// That they cannot.
    pub async fn check(&self) -> Result<(), StorageError> {
        match &self.place {
            Place::Folder(folder) => Ok(folder.check().await?),
            Place::Bucket(bucket) => bucket.check(&*self.objects).await,
        }
    }
}

fn path(key: &str) -> Result<ObjectPath, StorageError> {
    // A path is told from a key: one that is not written as it would be read back is none of ours.
    ObjectPath::parse(key).ok().filter(|path| !key.is_empty() && path.as_ref() == key).ok_or(StorageError::Key)
}
