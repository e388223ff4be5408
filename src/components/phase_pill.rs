//! A dub's phase in a word or two.

use super::element::{El, el};
use crate::model::progress;
use crate::state::watcher::Follow;

/// The pill.
pub fn phase_pill(dub: Follow) -> El {
    el("span", "pill")
        .follow("data-phase", move || dub.read(progress::tone))
        .says(move || dub.read(progress::pill).unwrap_or_default())
}
