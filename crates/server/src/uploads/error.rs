//! Why an upload does not go on.

use std::io;

use super::look::{LookError, Refusal};
use crate::{clock::Moment, error::ApiError, storage::StorageError, store::StoreError};

/// Why an upload does not go on. Unless it says otherwise, what has arrived is kept.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// It would be larger than so many bytes.
    #[error("it is larger than {0} bytes")]
    TooLarge(u64),
    /// More bytes came than it was said to have; nothing of it is kept.
    #[error("it is larger than it was said to be")]
    Overrun,
    /// It has no bytes.
    #[error("it is empty")]
    Empty,
    /// Its owner has too much here until this moment.
    #[error("its owner's quota is used up")]
    QuotaUsedUp(Moment),
    /// Nothing of this owner's.
    #[error("there is no such upload")]
    NotFound,
    /// The bytes sent do not begin where those end that are here.
    #[error("it goes on at another offset")]
    WrongOffset,
    /// Another request writes to it and does not end.
    #[error("another request writes to it")]
    Busy,
    /// Its bytes are all here, and it takes long to find out what they are.
    #[error("it is still being looked into")]
    Looking,
    /// Its owner is bringing too many others.
    #[error("its owner is uploading too many at once")]
    Crowded,
    /// A newer request goes on with it.
    #[error("a newer request goes on with it")]
    Superseded,
    /// A dub that is not final needs it.
    #[error("a dub needs it")]
    InUse,
    /// It is of no type that can be used; nothing of it is kept.
    #[error("it is of no type that is taken")]
    NotTaken(String),
    /// It is of the right type and no good; nothing of it is kept.
    #[error("it cannot be used")]
    Unusable(String),
    /// Its bytes stopped coming, or the connection broke.
    #[error("its bytes stopped coming")]
    Cut,
    /// The server is being stopped.
    #[error("the server is being stopped")]
    Stopping,
    /// The disk is full, or nearly.
    #[error("the disk is full")]
    DiskFull(#[source] io::Error),
    /// The disk failed.
    #[error("its file cannot be read or written")]
    Disk(#[source] io::Error),
    /// The storage of whole files failed.
    #[error("the storage failed")]
    Storage(#[source] StorageError),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
}

impl From<io::Error> for UploadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(error),
            _ => Self::Disk(error),
        }
    }
}

impl From<StorageError> for UploadError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Disk(error) => error.into(),
            error => Self::Storage(error),
        }
    }
}

impl From<Refusal> for UploadError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotTaken(why) => Self::NotTaken(why),
            Refusal::Unusable(why) => Self::Unusable(why),
        }
    }
}

impl From<LookError> for UploadError {
    fn from(error: LookError) -> Self {
        match error {
            LookError::Refused(refusal) => refusal.into(),
            LookError::Disk(error) => error.into(),
        }
    }
}

impl From<UploadError> for ApiError {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::TooLarge(max_bytes) => {
                Self::FileTooLarge(format!("This file is too large: at most {} MB are taken.", max_bytes / 1_000_000))
            }
            UploadError::Overrun => Self::FileTooLarge("More bytes came than this upload was said to have.".into()),
            UploadError::Empty => Self::UnusableFile("This file is empty.".into()),
            UploadError::QuotaUsedUp(until) => Self::QuotaExceeded(until.after(Moment::now())),
            UploadError::NotFound => Self::NotFound,
            UploadError::WrongOffset => Self::Conflict("The upload goes on at another offset: ask for it with HEAD."),
            UploadError::Busy => Self::Conflict("Another request is writing to this upload. Try again later."),
            UploadError::Looking => Self::Locked("This upload is still being looked into. Ask again."),
            UploadError::Crowded => Self::Conflict("Too many uploads of yours are under way. Try again later."),
            UploadError::Superseded => Self::Conflict("A newer request goes on with this upload."),
            UploadError::InUse => Self::Conflict("A dub that is being made needs this file."),
            UploadError::NotTaken(why) => Self::UnsupportedFile(why),
            UploadError::Unusable(why) => Self::UnusableFile(why),
            UploadError::Cut => Self::RequestTimeout,
            UploadError::Stopping => Self::NotReady(Box::new(error)),
            UploadError::DiskFull(_) => Self::StorageFull(Box::new(error)),
            UploadError::Disk(_) | UploadError::Storage(_) => Self::Internal(Box::new(error)),
            UploadError::Store(error) => error.into(),
        }
    }
}
