//! Bytes that the browser holds, in memory or on disk.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, Response};

/// How many there are.
pub fn size_bytes(blob: &Blob) -> u64 {
    u64::try_from(super::clock::whole(blob.size())).unwrap_or(0)
}

/// Some of them: from `start`, at most `count`. Fewer at the end, and none where the file has gone from the disk.
#[expect(clippy::cast_precision_loss, reason = "exact for the size of any file")]
pub async fn read(blob: &Blob, start: u64, count: u64) -> Vec<u8> {
    let Ok(part) = blob.slice_with_f64_and_f64(start as f64, start.saturating_add(count) as f64) else {
        return Vec::new();
    };
    let bytes = JsFuture::from(part.array_buffer()).await;
    bytes.map(|bytes| Uint8Array::new(&bytes).to_vec()).unwrap_or_default()
}

/// Bytes of this type.
pub fn of(bytes: &[u8], kind: &str) -> Option<Blob> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}

/// What a link of this origin leads to.
pub async fn fetch(link: &str) -> Option<Blob> {
    let answer = JsFuture::from(super::window().fetch_with_str(link)).await.ok()?;
    let response: Response = answer.dyn_into().ok().filter(Response::ok)?;
    JsFuture::from(response.blob().ok()?).await.ok()?.dyn_into().ok()
}
