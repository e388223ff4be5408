//! What this browser keeps for us. Where it keeps nothing (private windows, a full disk) the page works on without.

use web_sys::Storage;

/// The visitor's theme; the start script in `index.html` reads it too.
pub const THEME: &str = "redub.theme";
/// The studio's draft.
pub const DRAFT: &str = "redub.draft";

fn storage() -> Option<Storage> {
    super::window().local_storage().ok()?
}

/// What is kept under `key`.
pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps `text` under `key`.
pub fn write(key: &str, text: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(key, text);
    }
}
