//! Copying text.

use js_sys::Reflect;
use wasm_bindgen_futures::JsFuture;

/// Copies `text`; tells whether it worked. Browsers have no clipboard outside of secure contexts.
pub async fn copy(text: &str) -> bool {
    let navigator = super::window().navigator();
    let has_clipboard = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    has_clipboard && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok()
}
