//! Files that the visitor has chosen or dropped, kept by the browser so that a reload still has them.

use std::cell::RefCell;

pub use js_sys::Array;
use leptos::ev::Event;
use wasm_bindgen::{JsCast, JsValue};
pub use web_sys::Blob;
use web_sys::{DragEvent, File, FilePropertyBag, HtmlInputElement, Url};

use super::cache::Cache;
use super::clock::whole;
use crate::model::source::OwnFile;

/// Where the browser keeps them, each under its key.
pub const KEPT: Cache = Cache("redub-files");

/// A file at hand.
#[derive(Debug, Clone)]
pub struct AtHand {
    /// What is remembered of it.
    pub file: OwnFile,
    /// Its type, as the browser guesses it; may be empty.
    pub mime: String,
    /// Its bytes.
    pub blob: Blob,
}

thread_local! {
    /// The bytes at hand, by the keys of their files.
    static AT_HAND: RefCell<Vec<(String, Blob)>> = const { RefCell::new(Vec::new()) };
}

/// Has a file's bytes at hand from now on.
pub fn hold(key: &str, blob: &Blob) {
    if held(key).is_none() {
        AT_HAND.with_borrow_mut(|all| all.push((key.to_owned(), blob.clone())));
    }
}

/// The bytes of a file, if they are at hand.
pub fn held(key: &str) -> Option<Blob> {
    AT_HAND.with_borrow(|all| all.iter().find(|(known, _)| known == key).map(|(_, blob)| blob.clone()))
}

/// Lets go of a file whose bytes are not there any more.
pub fn let_go(key: &str) {
    AT_HAND.with_borrow_mut(|all| all.retain(|(known, _)| known != key));
}

/// Lets go of every file but those with these keys.
pub fn hold_only(keys: &[String]) {
    AT_HAND.with_borrow_mut(|all| all.retain(|(key, _)| keys.contains(key)));
}

/// What was made here, as a file of this name.
pub fn named(blob: Blob, name: &str) -> Blob {
    let options = FilePropertyBag::new();
    options.set_type(&blob.type_());
    File::new_with_blob_sequence_and_options(&Array::of1(&blob), name, &options).map_or(blob, Into::into)
}

/// One file, as if it had been chosen.
pub fn alone(file: &Blob) -> Array {
    Array::of1(file)
}

/// The files that were chosen in the box of this event. The box is emptied, so the same one can be chosen again.
pub fn chosen(event: &Event) -> Array {
    let target = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = target else { return Array::new() };
    let files = input.files().map(|files| Array::from(&files)).unwrap_or_default();
    input.set_value("");
    files
}

/// The files that were dropped.
pub(super) fn dropped(event: &DragEvent) -> Array {
    event.data_transfer().and_then(|data| data.files()).map(|files| Array::from(&files)).unwrap_or_default()
}

/// What is remembered of files, and their bytes.
pub fn at_hand(list: &JsValue) -> Vec<AtHand> {
    Array::from(list).iter().filter_map(|file| file.dyn_into().ok()).map(one).collect()
}

fn one(file: File) -> AtHand {
    // No file was changed in 1970: a 0 would say that nobody knows when.
    let modified_ms = whole(file.last_modified()).max(1);
    of_blob(file.name(), modified_ms, file.into())
}

/// A file of these bytes.
pub fn of_blob(name: String, modified_ms: i64, blob: Blob) -> AtHand {
    let bytes = size(&blob);
    AtHand { file: OwnFile { name, bytes, modified_ms, upload: String::new() }, mime: blob.type_(), blob }
}

/// How many bytes there are.
pub fn size(blob: &Blob) -> u64 {
    u64::try_from(whole(blob.size())).unwrap_or(0)
}

/// A part of a file, as the body of a request.
#[expect(clippy::cast_precision_loss, reason = "no file is of more bytes than a float counts")]
pub fn piece(blob: &Blob, from: u64, to: u64) -> JsValue {
    blob.slice_with_f64_and_f64(from as f64, to as f64).map_or(JsValue::NULL, Into::into)
}

/// An address by which the page itself can show a file, until [`forget`] or a reload.
pub fn address(blob: &Blob) -> String {
    Url::create_object_url_with_blob(blob).unwrap_or_default()
}

/// Lets an address go.
pub fn forget(address: &str) {
    let _ = Url::revoke_object_url(address);
}
