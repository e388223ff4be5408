//! Uploaded files on disk, and under which conditions they may be written and read.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{BodyDataStream, Bytes};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use tokio::fs;
use tokio::io::AsyncWriteExt as _;

use crate::hash::uuid;

/// The provider's limit for one file.
pub(crate) const LARGEST_BYTES: u64 = 100 * 1024 * 1024;
/// A header that has no meaning but to be required.
pub(crate) const TOKEN_HEADER: &str = "x-upload-check";
const UPLOAD_WITHIN: Duration = Duration::minutes(15);

/// A place for one file. It is kept beside the file, so that a restart knows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    pub(crate) id: String,
    pub(crate) content_type: String,
    /// Part of the presigned URL.
    pub(crate) token: String,
    /// Value of [`TOKEN_HEADER`].
    pub(crate) check: String,
    pub(crate) upload_until: OffsetDateTime,
    pub(crate) kept_until: OffsetDateTime,
    pub(crate) is_stored: bool,
}

impl StoredFile {
    pub(crate) fn new(content_type: String, now: OffsetDateTime, kept: Duration) -> Self {
        let (upload_until, kept_until) = (now + UPLOAD_WITHIN, now + kept);
        let (id, token, check) = (uuid(), uuid(), uuid());
        Self { id, content_type, token, check, upload_until, kept_until, is_stored: false }
    }

    /// The id with the extension that the content type calls for: the model goes by it.
    pub(crate) fn name(&self) -> String {
        let essence = self.content_type.split(';').next().unwrap_or_default().trim();
        let extension = match essence {
            "video/mp4" => "mp4",
            "video/quicktime" => "mov",
            "video/webm" | "audio/webm" => "webm",
            "video/x-matroska" => "mkv",
            "video/x-msvideo" => "avi",
            "video/mpeg" => "mpeg",
            "audio/mpeg" | "audio/mp3" => "mp3",
            "audio/wav" | "audio/x-wav" | "audio/wave" => "wav",
            "audio/mp4" | "audio/x-m4a" => "m4a",
            "audio/aac" => "aac",
            "audio/ogg" => "ogg",
            "audio/flac" | "audio/x-flac" => "flac",
            "audio/x-matroska" => "mka",
            "image/png" => "png",
            "image/jpeg" => "jpg",
            _ => "bin",
        };
        format!("{}.{extension}", self.id)
    }

    /// Why a PUT is refused: too late, a wrong signature, or a header that differs from the signed one.
    pub(crate) fn may_be_written<'a>(
        &self,
        now: OffsetDateTime,
        token: &str,
        header: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<(), String> {
        if now > self.upload_until {
            return Err("the presigned URL has expired".into());
        }
        if token != self.token {
            return Err("the signature does not match".into());
        }
        for (name, wanted) in [("Content-Type", &self.content_type), (TOKEN_HEADER, &self.check)] {
            if header(name) != Some(wanted) {
                return Err(format!("{name} must be sent as required_headers says"));
            }
        }
        Ok(())
    }

    pub(crate) fn is_readable(&self, now: OffsetDateTime) -> bool {
        self.is_stored && now < self.kept_until
    }
}

/// All files of one simulator.
pub(crate) struct Storage {
    folder: PathBuf,
    files: Mutex<HashMap<String, StoredFile>>,
}

impl Storage {
    /// Takes up what an earlier start left in `folder`.
    pub(crate) async fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder).await?;
        let mut files = HashMap::new();
        let mut entries = fs::read_dir(&folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            let path = entry.path();
            if path.extension().is_some_and(|extension| extension == "json")
                && let Ok(file) = serde_json::from_slice::<StoredFile>(&fs::read(&path).await?)
            {
                files.insert(file.id.clone(), file);
            }
        }
        Ok(Self { folder, files: Mutex::new(files) })
    }

    /// By id, or by name.
    pub(crate) fn get(&self, name: &str) -> Option<StoredFile> {
        let id = name.split('.').next().unwrap_or_default();
        self.files().get(id).cloned()
    }

    pub(crate) fn path(&self, file: &StoredFile) -> PathBuf {
        self.folder.join(&file.id)
    }

    pub(crate) async fn add(&self, file: StoredFile) -> io::Result<()> {
        fs::write(self.folder.join(format!("{}.json", file.id)), serde_json::to_vec(&file)?).await?;
        self.files().insert(file.id.clone(), file);
        Ok(())
    }

    /// Whole or not at all.
    pub(crate) async fn write(&self, file: &StoredFile, mut body: BodyDataStream) -> io::Result<()> {
        let part = self.folder.join(format!("{}.part", uuid()));
        let written = async {
            let mut to = fs::File::create(&part).await?;
            while let Some(chunk) = body.next().await {
                let chunk: Bytes = chunk.map_err(io::Error::other)?;
                to.write_all(&chunk).await?;
            }
            to.sync_all().await?;
            fs::rename(&part, self.path(file)).await
        };
        if let Err(error) = written.await {
            let _ = fs::remove_file(&part).await;
            return Err(error);
        }
        self.add(StoredFile { is_stored: true, ..file.clone() }).await
    }

    pub(crate) async fn remove(&self, file: &StoredFile) -> io::Result<()> {
        self.files().remove(&file.id);
        fs::remove_file(self.folder.join(format!("{}.json", file.id))).await?;
        if file.is_stored { fs::remove_file(self.path(file)).await } else { Ok(()) }
    }

    fn files(&self) -> MutexGuard<'_, HashMap<String, StoredFile>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_put_needs_the_signature_and_every_header_within_fifteen_minutes() {
        let now = OffsetDateTime::UNIX_EPOCH;
        let file = StoredFile::new("video/mp4".into(), now, Duration::days(1));
        let put = |minutes, token: &str, kind: &'static str, check: Option<&'static str>| {
            let header = |name: &str| if name == "Content-Type" { Some(kind) } else { check };
            file.may_be_written(now + Duration::minutes(minutes), token, header)
        };
        let check: &'static str = file.check.clone().leak();
        assert_eq!(put(15, &file.token, "video/mp4", Some(check)), Ok(()));
        assert!(put(16, &file.token, "video/mp4", Some(check)).is_err(), "too late");
        assert!(put(1, "other", "video/mp4", Some(check)).is_err(), "another signature");
        assert!(put(1, &file.token, "video/webm", Some(check)).is_err(), "another type");
        assert!(put(1, &file.token, "video/mp4", None).is_err(), "a header is missing");
    }
}
