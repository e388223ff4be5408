//! The tabs over the stage, one a track.

use leptos::prelude::*;

use super::press::press;
use crate::browser::page;
use crate::model::complaint::TrackId;
use crate::model::draft;
use crate::state::{Studio, Watcher, given};

/// The id of a track's tab.
pub fn tab_id(id: TrackId) -> String {
    ["tab-", &id.to_string()].concat()
}

/// The tab list; arrow keys go round, Home and End to the ends.
#[component]
pub fn Tabs() -> impl IntoView {
    let studio = given::<Studio>();
    let ids =
        Memo::new(move |_| studio.draft.with(|draft| draft.tracks.iter().map(|track| track.id).collect::<Vec<_>>()));
    let walk = move |event: leptos::ev::KeyboardEvent| {
        let (ids, chosen) =
            (ids.get_untracked(), studio.draft.with_untracked(|draft| draft.selected().map(|track| track.id)));
        let at = ids.iter().position(|id| Some(*id) == chosen).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % ids.len(),
            "ArrowLeft" => (at + ids.len() - 1) % ids.len(),
            "Home" => 0,
            "End" => ids.len() - 1,
            _ => return,
        };
        event.prevent_default();
        studio.draft.update(|draft| draft.selected = ids[to]);
        page::focus(&tab_id(ids[to]));
    };
    view! {
        <div class="tabs" role="tablist" aria-label="Voice tracks" on:keydown=walk>
            {move || ids.get().into_iter().map(|id| view! { <Tab id/> }.into_any()).collect_view()}
        </div>
    }
}

#[component]
fn Tab(id: TrackId) -> impl IntoView {
    let (studio, watcher) = (given::<Studio>(), given::<Watcher>());
    let is_chosen = Memo::new(move |_| studio.draft.with(|draft| draft.selected().is_some_and(|track| track.id == id)));
    view! {
        <button class="tab" role="tab" id=tab_id(id) aria-controls="stage-panel" data-phase=move || phase(studio, watcher, id)
            aria-selected=move || Some(if is_chosen.get() { "true" } else { "false" })
            tabindex=move || Some(if is_chosen.get() { "0" } else { "-1" })
            on:click=press(move || studio.draft.update(|draft| draft.selected = id))>
            {move || name(studio, id)}
        </button>
    }
}

fn name(studio: Studio, id: TrackId) -> Option<String> {
    studio.draft.with(|draft| draft.track(id).map(|track| draft::name(&track.label, &track.audio)))
}

fn phase(studio: Studio, watcher: Watcher, id: TrackId) -> Option<&'static str> {
    let dub = studio.draft.with(|draft| draft.track(id).and_then(|track| track.dub().cloned()))?;
    watcher.read(&dub, |dub| dub.phase.as_str())
}
