//! Of looks: what is looked into, and what was found inside.

use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};

use super::{ms, read_ms, read_u32};
use crate::browser::clock::whole;
use crate::browser::workbench::{Look, Source};
use crate::model::look::{Facts, LookError, Sound, VideoFacts, VoiceFacts};

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
