//! Files that were chosen or dropped: which of them are taken, and their bytes, which are at hand from then on.

use contract::{UploadKind, UploadLimits};
use wasm_bindgen::JsValue;

use super::mask;
use crate::browser::files::{self, AtHand};
use crate::browser::workbench::seam::{self, Named};
use crate::model::intake::{self, Chosen};

/// Sorts them. A mask is made black and white first.
pub(super) async fn sort(list: &JsValue, wanted: Option<UploadKind>, limits: UploadLimits, room: usize) -> JsValue {
    let mut files = files::at_hand(list);
    let as_chosen =
        |one: &AtHand| Chosen { name: one.file.name.clone(), mime: one.mime.clone(), bytes: one.file.bytes };
    let chosen: Vec<Chosen> = files.iter().map(as_chosen).collect();
    let mut sorted = intake::sort(&chosen, wanted, limits, room);
    if let Some(nth) = sorted.mask {
        let one = &mut files[nth];
        match mask::file::strict(&one.blob, limits.max_mask_pixels).await {
            Ok(blob) => (one.file.bytes, one.blob) = (files::size(&blob), blob),
            Err(why) => {
                sorted.mask = None;
                sorted.refused.push([&one.file.name, ": ", why, "."].concat());
            }
        }
    }
    let videos = sorted.video.map(|nth| (nth, UploadKind::Video));
    let masks = sorted.mask.map(|nth| (nth, UploadKind::Image));
    let voices = sorted.voices.into_iter().map(|nth| (nth, UploadKind::Audio));
    let taken = videos.into_iter().chain(masks).chain(voices).map(|(nth, kind)| {
        let file = &files[nth].file;
        files::hold(&file.key(), &files[nth].blob);
        Named { file: file.clone(), kind, is_needed: true }
    });
    seam::write_sorted(taken, &sorted.refused.join("\n"))
}
