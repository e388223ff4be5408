//! The way to the network.

use js_sys::{Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Request, Response};

/// Sends a request, and waits for the head of the answer; nothing where none comes. One that `outlives` its page is sent on
/// when that is left.
pub async fn fetch(request: &Request, outlives: bool) -> Option<Response> {
    let options = Object::new();
    // A fresh plain object takes every property.
    let _ = Reflect::set(&options, &"keepalive".into(), &outlives.into());
    let answer = super::window().fetch_with_request_and_init(request, options.unchecked_ref());
    JsFuture::from(answer).await.ok()?.dyn_into().ok()
}
