//! Of files: which are taken, which are sent, and how far they are.

use contract::{UploadKind, UploadLimits};
use js_sys::{Array, Function};
use wasm_bindgen::{JsCast, JsValue};

use super::read_u32;
use crate::browser::clock::whole;
use crate::model::source::{self, OwnFile};

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
