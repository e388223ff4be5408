//! What page and workbench say to each other, in both directions: each side reads what the other writes by the function
//! beside it.
//!
//! Each is a wasm of its own, so only what JavaScript knows can pass: an object of the workbench's stands on the window, the
//! page calls its one function with a job and what belongs to it, and gets a promise. The word of the object is made of
//! this file with its parts and of the facts, so two that were built apart and differ here do not talk.

mod files;
mod look;

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::Recording;
use crate::browser::clock::whole;
pub use files::{
    Named, Progress, read_files, read_progress, read_room, read_sent, read_sorted, report, write_files, write_room,
    write_sent, write_sorted,
};
pub use look::{read_source, read_video, read_voice, write_look, write_source};

/// The property of the window that the workbench's object is.
pub const OBJECT: &str = "redubWorkbench";
/// The property of it that tells what it speaks.
pub const WORD: &str = "word";
/// The property of it that is its function.
pub const WORK: &str = "work";
/// The id of the element that the page gives to the preview.
pub const PREVIEW: &str = "preview";
/// The event of the window by which the workbench's start ends, well or not.
pub const STARTED: &str = "redub-workbench";

/// What this side speaks.
pub const SPEAKS: u32 = {
    let parts = fnv(fnv(2_166_136_261, include_bytes!("seam.rs")), include_bytes!("seam/files.rs"));
    fnv(fnv(parts, include_bytes!("seam/look.rs")), include_bytes!("../../model/look.rs"))
};

/// FNV-1a, on from `hash`.
const fn fnv(mut hash: u32, bytes: &[u8]) -> u32 {
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u32).wrapping_mul(16_777_619);
        at += 1;
    }
    hash
}

/// What the workbench can do, with the arguments that belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// A source: looks into it as a video.
    LookAsVideo,
    /// A source: looks into it as a voice.
    LookAsVoice,
    /// Nothing: opens the recorder.
    Record,
    /// A frame, and the source of a mask to go on with: opens the mask's dialog.
    Paint,
    /// Files and what fits: tells which are taken.
    Sort,
    /// The draft's files and its video's size, and what is called with each one's progress: sends them.
    Send,
    /// The key of a file: tries it again.
    Retry,
    /// What is previewed: shows it in place of what stands in [`PREVIEW`], or lets go of it.
    Preview,
}

impl Job {
    const ALL: [Self; 8] = [
        Self::LookAsVideo,
        Self::LookAsVoice,
        Self::Record,
        Self::Paint,
        Self::Sort,
        Self::Send,
        Self::Retry,
        Self::Preview,
    ];

    /// As it is called.
    pub fn write(self) -> JsValue {
        (self as u32).into()
    }

    /// What is called.
    pub fn read(job: &JsValue) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.write() == *job)
    }
}

/// Of the recorder: a blob and its length, or null.
pub fn write_recording(recording: Option<Recording>) -> JsValue {
    recording.map_or(JsValue::NULL, |recording| Array::of2(&recording.blob, &ms(Some(recording.duration_ms))).into())
}

/// What [`write_recording`] wrote.
pub fn read_recording(answer: &JsValue) -> Option<Recording> {
    let values = answer.dyn_ref::<Array>()?;
    Some(Recording { blob: values.get(0).dyn_into().ok()?, duration_ms: read_ms(&values.get(1))? })
}

/// Of the mask's dialog: a blob, or null.
pub fn read_blob(answer: JsValue) -> Option<Blob> {
    answer.dyn_into().ok()
}

/// What is previewed: the addresses of picture and voice, and what the voice is called. None of them has a line break.
pub fn write_previewed(picture: &str, voice: &str, name: &str) -> String {
    [picture, "\n", voice, "\n", name].concat()
}

/// What [`write_previewed`] wrote; nothing for an empty text.
pub fn read_previewed(text: &str) -> Option<(&str, &str, &str)> {
    let mut lines = text.splitn(3, '\n');
    Some((lines.next()?, lines.next()?, lines.next()?))
}

#[expect(clippy::cast_precision_loss, reason = "exact for any length of media")]
fn ms(ms: Option<i64>) -> JsValue {
    ms.map(|ms| ms as f64).into()
}

fn read_ms(value: &JsValue) -> Option<i64> {
    value.as_f64().map(whole)
}

fn read_u32(value: &JsValue) -> u32 {
    value.as_f64().and_then(|number| u32::try_from(whole(number)).ok()).unwrap_or(0)
}
