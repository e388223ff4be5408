//! One dub, for its owner to come back to.

use contract::DubId;
use leptos::prelude::*;

use crate::components::{dub_view::DubView, phase_pill::PhasePill, title::title};
use crate::model::{progress, route::Route};
use crate::state::{Navigation, Watcher, given, watcher::Follow};

/// The stage alone.
#[component]
pub fn DubPage(
    /// The dub's id.
    id: String,
) -> impl IntoView {
    let (watcher, navigation, id) = (given::<Watcher>(), given::<Navigation>(), DubId(id));
    watcher.look_at(std::slice::from_ref(&id));
    let dub = watcher.follow(id.clone());
    let is_known = Memo::new(move |_| dub.read(|_| ()).is_some());
    let again = Callback::new(move |id: DubId| navigation.go(Route::Dub(id.0)));
    title(move || dub.read(progress::title).unwrap_or_else(|| "Dub".to_owned()));
    view! {
        <div class="stage alone">
            {move || is_known.get().then(|| head(dub))}
            <div class="panel"><DubView id on_again=again/></div>
        </div>
    }
}

fn head(dub: Follow) -> AnyView {
    view! { <header class="actions"><h1>{move || dub.read(progress::name)}</h1><PhasePill dub/></header> }.into_any()
}
