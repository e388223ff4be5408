//! From a valid input to a finished file: fetch, look, render, and remember. Status and timing are the job's business.
//!
//! Equal inputs (by their bytes) share one rendering, so that a hundred equal dubs cost little more than one.

mod fetch;
mod ffmpeg;
mod frame;
mod probe;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tokio::sync::{OnceCell, Semaphore};

use crate::hash::hex;
use crate::input::{Input, Resolution};
use crate::url_gate::UrlGate;
use fetch::{Fetched, Fetcher};

/// Burned into the upper right corner of every result. An image, so that no font has to be installed.
const MARK: &[u8] = include_bytes!("simulated.png");

/// Why there is no result, in words for whoever sent the input.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RenderError {
    /// The address of an input gave no file.
    #[error("The {what} could not be fetched")]
    Fetch { what: &'static str, reason: String },
    /// The file is not what the field asks for.
    #[error("The {what} cannot be used")]
    Unusable { what: &'static str, reason: String },
    /// ffmpeg or the disk failed: the simulator's own fault.
    #[error("The video could not be generated")]
    Tool { reason: String },
}

impl RenderError {
    pub(crate) fn details(&self) -> &str {
        match self {
            Self::Fetch { reason, .. } | Self::Unusable { reason, .. } | Self::Tool { reason } => reason,
        }
    }

    fn unusable(what: &'static str, reason: impl Into<String>) -> Self {
        Self::Unusable { what, reason: reason.into() }
    }
}

impl From<io::Error> for RenderError {
    fn from(error: io::Error) -> Self {
        Self::Tool { reason: error.to_string() }
    }
}

/// A finished file; its name leads to it through [`Renderer::path`].
#[derive(Debug, Clone)]
pub(crate) struct Rendered {
    pub(crate) name: String,
    pub(crate) voice_seconds: f64,
}

/// Renders, at most one ffmpeg a core.
pub(crate) struct Renderer {
    fetcher: Fetcher,
    folder: PathBuf,
    mark: PathBuf,
    slots: Semaphore,
    done: Mutex<HashMap<String, Arc<OnceCell<Rendered>>>>,
}

impl Renderer {
    /// Results go to `folder`, which must exist.
    pub(crate) fn new(folder: PathBuf, gate: &UrlGate) -> io::Result<Self> {
        let mark = folder.join("mark.png");
        std::fs::write(&mark, MARK)?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let fetcher = Fetcher::new(gate).map_err(io::Error::other)?;
        Ok(Self { fetcher, folder, mark, slots: Semaphore::new(cores), done: Mutex::default() })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.mp4"))
    }

    /// Cancel-safe: dropping the future ends its ffmpeg, and an equal input that waits for it starts over.
    pub(crate) async fn render(&self, input: &Input) -> Result<Rendered, RenderError> {
        let work = TempDir::new_in(&self.folder)?;
        let extension = fetch::video_extension(&input.video)?;
        let video = self.fetcher.fetch("video", &input.video, work.path()).await?;
        let audio = self.fetcher.fetch("audio", &input.audio, work.path()).await?;
        if let Some(url) = &input.mask_image {
            let mask = self.fetcher.fetch("mask_image", url, work.path()).await?;
            fetch::expect_image(&mask.path).await?;
        }
        let name = name(&video, &audio, &extension, input.resolution);
        let cell =
            Arc::clone(self.done.lock().unwrap_or_else(PoisonError::into_inner).entry(name.clone()).or_default());
        let make = || self.make(&name, &video.path, &extension, &audio.path, input.resolution, work.path());
        cell.get_or_try_init(make).await.cloned()
    }

    async fn make(
        &self,
        name: &str,
        video: &Path,
        extension: &str,
        audio: &Path,
        resolution: Resolution,
        work: &Path,
    ) -> Result<Rendered, RenderError> {
        let _slot = self.slots.acquire().await.map_err(io::Error::other)?;
        let shape = probe::video(video, extension).await?;
        probe::audio(audio).await?;
        let voice = ffmpeg::decode_voice(audio, work).await?;
        let size = frame::bucket(shape.aspect, resolution);
        let made = work.join("result.mp4");
        ffmpeg::render(video, &voice, &self.mark, size, &made).await?;
        tokio::fs::rename(&made, self.path(name)).await?;
        Ok(Rendered { name: name.to_owned(), voice_seconds: voice.seconds })
    }
}

/// Equal for equal bytes, and for nothing else.
fn name(video: &Fetched, audio: &Fetched, extension: &str, resolution: Resolution) -> String {
    hex(&Sha256::digest(format!("{} {} {extension} {resolution:?}", video.sha256, audio.sha256)))
}
