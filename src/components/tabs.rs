//! The tabs over the stage, one a track.

use leptos::ev::Event;
use leptos::prelude::*;

use super::button::blank_button;
use super::element::{El, el};
use crate::browser::{event, page};
use crate::model::complaint::TrackId;
use crate::model::draft::Track;
use crate::model::progress;
use crate::state::{Studio, Watcher, given};

/// The id of a track's tab.
pub fn tab_id(id: TrackId) -> String {
    ["tab-", &id.to_string()].concat()
}

/// The tab list; arrow keys go round, Home and End to the ends.
pub fn tabs() -> El {
    let studio = given::<Studio>();
    let ids = Memo::new(move |_| studio.track_ids());
    el("div", "tabs")
        .set("role", "tablist")
        .set("aria-label", "Voice tracks")
        .on("keydown", move |event| walk(&event, studio))
        .live(move || ids.get().into_iter().map(|id| AnyView::from(tab(id))).collect_view().into_any())
}

fn walk(event: &Event, studio: Studio) {
    let ids = untrack(|| studio.track_ids());
    let chosen = studio.draft.with_untracked(|draft| draft.selected().map(|track| track.id));
    let at = ids.iter().position(|id| Some(*id) == chosen).unwrap_or(0);
    let to = match event::key(event).as_str() {
        "ArrowRight" => at + 1,
        "ArrowLeft" => at + ids.len() - 1,
        "Home" => 0,
        "End" => ids.len() - 1,
        _ => return,
    };
    event.prevent_default();
    if let Some(id) = ids.get(to % ids.len().max(1)) {
        studio.draft.update(|draft| draft.selected = *id);
        page::focus(&tab_id(*id));
    }
}

fn tab(id: TrackId) -> El {
    let (studio, watcher) = (given::<Studio>(), given::<Watcher>());
    let is_chosen = move || studio.draft.with(|draft| draft.selected().is_some_and(|track| track.id == id));
    blank_button("tab", move || studio.draft.update(|draft| draft.selected = id))
        .set("role", "tab")
        .put("id", tab_id(id))
        .set("aria-controls", "stage-panel")
        .follow("data-phase", move || phase(studio, watcher, id))
        .follow("aria-selected", move || Some(if is_chosen() { "true" } else { "false" }))
        .follow("tabindex", move || Some(if is_chosen() { "0" } else { "-1" }))
        .says(move || studio.draft.with(|draft| draft.track(id).map(Track::name).unwrap_or_default()))
}

fn phase(studio: Studio, watcher: Watcher, id: TrackId) -> Option<&'static str> {
    let dub = studio.draft.with(|draft| draft.track(id).and_then(|track| track.dub().cloned()))?;
    watcher.read(&dub, progress::tone)
}
