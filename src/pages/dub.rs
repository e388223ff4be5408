//! One dub, for its owner to come back to.

use contract::DubId;
use leptos::prelude::*;

use crate::components::element::{El, bare, el, nothing};
use crate::components::{dub_view::dub_view, phase_pill::phase_pill, title::title};
use crate::model::route::Route;
use crate::state::naming::{full_name, title as dub_title};
use crate::state::{Watcher, given, watcher::Follow};

/// The stage alone.
pub fn dub_page(id: String) -> El {
    let (watcher, id) = (given::<Watcher>(), DubId(id));
    watcher.look_at(std::slice::from_ref(&id));
    let dub = watcher.follow(id.clone());
    let is_known = Memo::new(move |_| dub.read(|_| ()).is_some());
    title(move || dub.read(dub_title).unwrap_or_else(|| "Dub".to_owned()));
    let stage = dub_view(id, |old, new, _, navigation| {
        // Whoever has gone elsewhere meanwhile is not called back.
        if navigation.is_at(&Route::Dub(old.0.clone())) {
            navigation.go(Route::Dub(new.0));
        }
    });
    el("div", "stage alone")
        .live(move || if is_known.get() { head(dub).into() } else { nothing() })
        .child(el("div", "panel").child(stage.into_any()))
}

fn head(dub: Follow) -> El {
    let name = bare("h1").says(move || dub.read(full_name).unwrap_or_default());
    el("header", "actions").child(name).child(phase_pill(dub))
}
