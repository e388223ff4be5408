//! What page and workbench say to each other, in both directions: each side reads what the other writes by the function
//! beside it.
//!
//! Each is a wasm of its own, so only what JavaScript knows can pass: an object of the workbench's stands on the window, the
//! page calls its one function with a job and what belongs to it, and gets a promise. The word of the object is made of
//! this file and of the facts, so two that were built apart and differ here do not talk.

use contract::{UploadKind, UploadLimits};
use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::{Look, Recording, Source};
use crate::browser::clock::whole;
use crate::model::look::{Facts, LookError, Sound, VideoFacts, VoiceFacts};
use crate::model::source::{self, OwnFile};

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
pub const SPEAKS: u32 = fnv(fnv(2_166_136_261, include_bytes!("seam.rs")), include_bytes!("../../model/look.rs"));

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

/// What is to be looked into: a blob, or the text of a link.
pub fn write_source(source: &Source) -> JsValue {
    match source {
        Source::File(blob) => blob.into(),
        Source::Link(link) => link.into(),
    }
}

/// What [`write_source`] wrote.
pub fn read_source(source: JsValue) -> Source {
    match source.dyn_into() {
        Ok(blob) => Source::File(blob),
        Err(link) => Source::Link(link.as_string().unwrap_or_default()),
    }
}

/// Why a look found nothing: a number. What could not be started says nothing.
const LOOK_ERRORS: [LookError; 5] =
    [LookError::Empty, LookError::Unreadable, LookError::NoPicture, LookError::NoSound, LookError::Closed];

/// Of a look: an array, or the number of an error.
pub fn write_look(look: Result<Look, LookError>) -> JsValue {
    let Look { facts, frame } = match look {
        Ok(look) => look,
        Err(error) => {
            let number = LOOK_ERRORS.iter().position(|known| *known == error).unwrap_or(1);
            return u32::try_from(number).unwrap_or(1).into();
        }
    };
    let values: Vec<JsValue> = match facts {
        Facts::Video(VideoFacts { width, height, duration_ms, fps, has_sound }) => {
            vec![width.into(), height.into(), ms(duration_ms), fps.into(), has_sound.into(), frame.into()]
        }
        Facts::Voice(VoiceFacts { duration_ms, sound: None }) => vec![ms(duration_ms)],
        Facts::Voice(VoiceFacts { duration_ms, sound: Some(sound) }) => {
            let peaks: Array = sound.peaks.iter().map(|peak| JsValue::from(*peak)).collect();
            vec![ms(duration_ms), ms(Some(sound.trailing_silence_ms)), sound.is_silent.into(), peaks.into()]
        }
    };
    values.into_iter().collect::<Array>().into()
}

/// What [`write_look`] wrote for a video.
///
/// # Errors
/// The one that was written.
pub fn read_video(answer: &JsValue) -> Result<Look, LookError> {
    let values = read_values(answer)?;
    let facts = Facts::Video(VideoFacts {
        width: read_u32(&values.get(0)),
        height: read_u32(&values.get(1)),
        duration_ms: read_ms(&values.get(2)),
        fps: values.get(3).as_f64(),
        has_sound: values.get(4).as_bool(),
    });
    Ok(Look { facts, frame: values.get(5).dyn_into().ok() })
}

/// What [`write_look`] wrote for a voice.
///
/// # Errors
/// The one that was written.
pub fn read_voice(answer: &JsValue) -> Result<Look, LookError> {
    let values = read_values(answer)?;
    let sound = read_ms(&values.get(1)).map(|trailing_silence_ms| Sound {
        #[expect(clippy::cast_possible_truncation, reason = "written from an f32")]
        peaks: Array::from(&values.get(3)).iter().filter_map(|peak| Some(peak.as_f64()? as f32)).collect(),
        trailing_silence_ms,
        is_silent: values.get(2).is_truthy(),
    });
    Ok(Look { facts: Facts::Voice(VoiceFacts { duration_ms: read_ms(&values.get(0)), sound }), frame: None })
}

fn read_values(answer: &JsValue) -> Result<Array, LookError> {
    match answer.as_f64() {
        Some(number) => {
            let number = usize::try_from(whole(number)).unwrap_or(1);
            Err(LOOK_ERRORS.get(number).copied().unwrap_or(LookError::Unreadable))
        }
        None => Ok(Array::from(answer)),
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

/// A file of the draft's.
#[derive(Debug, Clone)]
pub struct Named {
    /// The file.
    pub file: OwnFile,
    /// What it is for.
    pub kind: UploadKind,
    /// Whether a track that has yet to be sent is made of it.
    pub is_needed: bool,
}

/// How far a file's upload is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// The file's key.
    pub key: String,
    /// What is drawn: see [`crate::model::upload::Upload::face`].
    pub face: String,
    /// How much has arrived.
    pub percent: String,
    /// The same in words.
    pub words: String,
    /// Where the page can show the file; empty while it cannot.
    pub address: String,
    /// The upload's id; empty until it has one.
    pub upload: String,
}

/// Files, as texts with what they are for; the flag of each only the draft's own have.
pub fn write_files(files: impl Iterator<Item = Named>) -> JsValue {
    let one = |named: Named| {
        let text = source::Source::File(named.file).to_text();
        Array::of3(&text.into(), &named.kind.as_str().into(), &named.is_needed.into())
    };
    files.map(one).collect::<Array>().into()
}

/// Files to send, and the size of the video that a mask among them must fit: 0 while it is not known.
pub fn write_sent(files: impl Iterator<Item = Named>, frame: (u32, u32)) -> JsValue {
    Array::of3(&write_files(files), &frame.0.into(), &frame.1.into()).into()
}

/// What [`write_sent`] wrote.
pub fn read_sent(sent: &JsValue) -> (Vec<Named>, (u32, u32)) {
    let sent = Array::from(sent);
    (read_files(&sent.get(0)), (read_u32(&sent.get(1)), read_u32(&sent.get(2))))
}

/// Of files that were sorted: those that are taken, and why others are not.
pub fn write_sorted(taken: impl Iterator<Item = Named>, refused: &str) -> JsValue {
    Array::of2(&write_files(taken), &refused.into()).into()
}

/// What [`write_sorted`] wrote.
pub fn read_sorted(answer: &JsValue) -> (Vec<Named>, String) {
    let answer = Array::from(answer);
    (read_files(&answer.get(0)), answer.get(1).as_string().unwrap_or_default())
}

/// What [`write_files`] wrote.
pub fn read_files(files: &JsValue) -> Vec<Named> {
    let one = |values: JsValue| {
        let values = Array::from(&values);
        let source::Source::File(file) = source::Source::of_text(values.get(0).as_string()?)? else { return None };
        let kind = UploadKind::from_name(&values.get(1).as_string()?)?;
        Some(Named { file, kind, is_needed: values.get(2).is_truthy() })
    };
    Array::from(files).iter().filter_map(one).collect()
}

/// What is wanted, and what fits.
#[expect(clippy::cast_precision_loss, reason = "exact for any size of a file")]
pub fn write_room(wanted: Option<UploadKind>, limits: UploadLimits, room: usize) -> JsValue {
    let wanted = wanted.map_or("", UploadKind::as_str).into();
    let [bytes, room, pixels] =
        [limits.max_bytes, room as u64, limits.max_mask_pixels].map(|number| (number as f64).into());
    Array::of5(&wanted, &bytes, &limits.max_files.into(), &room, &pixels).into()
}

/// What [`write_room`] wrote.
pub fn read_room(values: &JsValue) -> (Option<UploadKind>, UploadLimits, usize) {
    let values = Array::from(values);
    let number = |nth| values.get(nth).as_f64().and_then(|number| u64::try_from(whole(number)).ok()).unwrap_or(0);
    let limits = UploadLimits {
        max_bytes: number(1),
        max_files: read_u32(&values.get(2)),
        max_total_bytes: 0,
        max_mask_pixels: number(4),
    };
    let wanted = values.get(0).as_string().and_then(|name| UploadKind::from_name(&name));
    (wanted, limits, usize::try_from(number(3)).unwrap_or(0))
}

/// Tells the page how far a file is.
pub fn report(to: &JsValue, Progress { key, face, percent, words, address, upload }: Progress) {
    let values = [key, face, percent, words, address, upload].map(JsValue::from).into_iter().collect::<Array>();
    if let Some(to) = to.dyn_ref::<Function>() {
        let _ = to.call1(&JsValue::NULL, &values);
    }
}

/// What [`report`] told.
pub fn read_progress(values: &JsValue) -> Progress {
    let values = Array::from(values);
    let text = |nth| values.get(nth).as_string().unwrap_or_default();
    let (key, face, percent) = (text(0), text(1), text(2));
    Progress { key, face, percent, words: text(3), address: text(4), upload: text(5) }
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

/// What is previewed: the addresses of picture and voice, and what the voice is called. None of them has a line break.
pub fn write_previewed(picture: &str, voice: &str, name: &str) -> String {
    [picture, "\n", voice, "\n", name].concat()
}

/// What [`write_previewed`] wrote; nothing for an empty text.
pub fn read_previewed(text: &str) -> Option<(&str, &str, &str)> {
    let mut lines = text.splitn(3, '\n');
    Some((lines.next()?, lines.next()?, lines.next()?))
}
