//! What page and workbench say to each other, in both directions: each side reads what the other writes by the function
//! beside it.
//!
//! Each is a wasm of its own, so only what JavaScript knows can pass: an object of the workbench's stands on the window, the
//! page calls its one function with a job and what belongs to it, and gets a promise. The word of the object is made of
//! this file and of the facts, so two that were built apart and differ here do not talk.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::{Look, Recording, Source};
use crate::browser::clock::whole;
use crate::model::look::{Facts, LookError, Sound, VideoFacts, VoiceFacts};

/// The property of the window that the workbench's object is.
pub const OBJECT: &str = "redubWorkbench";
/// The property of it that tells what it speaks.
pub const WORD: &str = "word";
/// The property of it that is its function.
pub const WORK: &str = "work";
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
    /// A frame, and a mask or null: opens the mask's dialog.
    Paint,
}

impl Job {
    const ALL: [Self; 4] = [Self::LookAsVideo, Self::LookAsVoice, Self::Record, Self::Paint];

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
