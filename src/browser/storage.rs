//! What this browser keeps for us. Where it keeps nothing (private windows, a full disk) the page works on without.

use web_sys::Storage;

/// The visitor's theme; the start script in `index.html` reads it too.
pub const THEME: &str = "redub.theme";
/// The studio's draft.
pub const DRAFT: &str = "redub.draft";
/// The draft that was put aside.
pub const ASIDE: &str = "redub.aside";
/// What the id of a file's upload is kept under, before the file's key: every tab finds it there.
pub const UPLOAD: &str = "redub.upload.";
/// The names of uploads, as [`crate::model::names`] writes them.
pub const UPLOAD_NAMES: &str = "redub.names";

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

/// Forgets what is kept under `key`.
pub fn erase(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
