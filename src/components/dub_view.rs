//! A dub, whatever has become of it.

use contract::{Dub, DubId};
use leptos::prelude::*;

use super::{
    moving::Moving,
    result::ResultView,
    unfinished::{Cancelled, Failed, Unconfirmed},
};
use crate::model::progress::{self, Face};
use crate::pages::not_found::NotFound;
use crate::state::{Watcher, given, watcher::Sight};

/// What is shown; changes seldom, so a playing video is not touched by an answer that brings no news.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shown {
    Nothing,
    Gone,
    Face(Face),
}

/// The stage of one dub. What changes is also said to a screen reader.
#[component]
pub fn DubView(
    /// The dub.
    id: DubId,
    /// Called with the dub that a second try has become.
    on_again: Callback<DubId>,
) -> impl IntoView {
    let watcher = given::<Watcher>();
    let sight = Memo::new(move |_| watcher.sight(&id));
    let shown = Memo::new(move |_| match &*sight.read() {
        Sight::Unread => Shown::Nothing,
        Sight::Gone => Shown::Gone,
        Sight::Here(dub) => Shown::Face(progress::face(dub.phase)),
    });
    let heading = Memo::new(move |_| dub_of(&sight.read()).map(progress::heading));
    let body = move || {
        match shown.get() {
        Shown::Nothing => view! { <div class="screen"></div><p class="hint">"Looking for the dub"</p> }.into_any(),
        Shown::Gone => view! { <NotFound heading="This dub is not here" detail="It was removed, or it belongs to somebody else."/> }.into_any(),
        Shown::Face(face) => face_view(face, sight, on_again),
    }
    };
    view! { <p class="unseen" role="status">{heading}</p>{body} }
}

fn dub_of(sight: &Sight) -> Option<&Dub> {
    if let Sight::Here(dub) = sight { Some(dub) } else { None }
}

fn face_view(face: Face, sight: Memo<Sight>, on_again: Callback<DubId>) -> AnyView {
    let Some(dub) = sight.with_untracked(|sight| dub_of(sight).cloned()) else { return ().into_any() };
    match face {
        Face::Moving => {
            let first = dub.clone();
            let dub = Memo::new(move |last: Option<&Dub>| dub_of(&sight.read()).or(last).unwrap_or(&first).clone());
            view! { <Moving dub/> }.into_any()
        }
        Face::Ready => view! { <ResultView dub/> }.into_any(),
        Face::Failed => view! { <Failed dub on_again/> }.into_any(),
        Face::Cancelled => view! { <Cancelled dub/> }.into_any(),
        Face::Unconfirmed => view! { <Unconfirmed dub/> }.into_any(),
    }
}
