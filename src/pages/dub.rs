//! One dub, for its owner to come back to.

use contract::DubId;
use leptos::prelude::*;

use crate::components::{dub_view::DubView, phase_pill::PhasePill, title::title};
use crate::model::{progress, route::Route};
use crate::state::{Navigation, Watcher, given, watcher::Sight};

/// The stage alone.
#[component]
pub fn DubPage(
    /// The dub's id.
    id: String,
) -> impl IntoView {
    let (watcher, navigation, id) = (given::<Watcher>(), given::<Navigation>(), DubId(id));
    watcher.look_at(vec![id.clone()]);
    let seen = id.clone();
    let dub = Memo::new(move |_| if let Sight::Here(dub) = watcher.sight(&seen) { Some(*dub) } else { None });
    let again = Callback::new(move |id: DubId| navigation.go(Route::Dub(id.0)));
    title(move || dub.read().as_ref().map_or_else(|| "Dub".to_owned(), progress::title));
    let head = move || {
        dub.read().is_some().then(|| {
            view! { <header class="actions"><h1>{move || dub.read().as_ref().map(progress::name)}</h1><PhasePill dub/></header> }
        })
    };
    view! {
        <div class="stage alone">
            {head}
            <div class="panel"><DubView id on_again=again/></div>
        </div>
    }
}
