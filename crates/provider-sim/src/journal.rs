//! Two files of JSON lines: every accepted create, on disk before it is answered, and how each prediction ended.
//!
//! The first is the witness of tests ("how often was this dub really bought?"): it only grows and nothing rewrites it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One accepted create.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// The id that reads, webhooks and the executions list name it by.
    pub prediction_id: String,
    /// When it was accepted, RFC 3339, UTC.
    pub at: String,
    /// Start of the key's SHA-256, in hex.
    pub key_hash: String,
    /// The model's input, as it came.
    pub input: Map<String, Value>,
    /// Where the end is to be reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<String>,
    /// Sent back verbatim with the report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_secret: Option<String>,
}

/// An append-only file of JSON lines.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    path: PathBuf,
    file: Arc<Mutex<File>>,
}

impl Lines {
    pub(crate) fn open(path: PathBuf) -> io::Result<Self> {
        let mut file = OpenOptions::new().create(true).append(true).read(true).open(&path)?;
        end_torn_line(&path, &mut file)?;
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(Self { path, file: Arc::new(Mutex::new(file)) })
    }

    /// Appends one line; returns when it is on disk.
    pub(crate) async fn append<T: Serialize>(&self, entry: &T) -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        let file = Arc::clone(&self.file);
        let write = move || {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            file.write_all(&line)?;
            file.sync_data()
        };
        tokio::task::spawn_blocking(write).await.map_err(io::Error::other)?
    }

    /// Every whole line, oldest first. A line that cannot be read is a write the crash cut: it was never answered.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> io::Result<Vec<T>> {
        let text = std::fs::read_to_string(&self.path)?;
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }
}

/// After a crash inside a write, starts a new line, so that the next entry is not lost with the torn one.
fn end_torn_line(path: &Path, file: &mut File) -> io::Result<()> {
    let bytes = std::fs::read(path)?;
    if bytes.last().is_some_and(|last| *last != b'\n') {
        file.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_torn_line_costs_no_other_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lines.jsonl");
        std::fs::write(&path, "1\n{\"cut").expect("written");
        let lines = Lines::open(path).expect("opened");
        lines.append(&2).await.expect("appended");
        assert_eq!(lines.read::<u8>().expect("read"), [1, 2]);
    }
}
