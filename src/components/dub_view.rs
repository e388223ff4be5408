//! A dub, whatever has become of it.

use contract::DubId;
use leptos::prelude::*;

use super::{
    moving::Moving,
    result::result,
    unfinished::{cancelled, failed, unconfirmed},
};
use crate::model::progress::{self, Face};
use crate::pages::not_found::NotFound;
use crate::state::{Watcher, given, watcher::Follow};

/// The stage of one dub. What changes is also said to a screen reader.
#[component]
pub fn DubView(
    /// The dub.
    id: DubId,
    /// Called with the dub that a second try has become.
    on_again: Callback<DubId>,
) -> impl IntoView {
    let dub = given::<Watcher>().follow(id);
    // A playing video is not touched by an answer that brings no news.
    let face = Memo::new(move |_| dub.read(|dub| progress::face(dub.phase)));
    let is_gone = Memo::new(move |_| dub.is_gone());
    view! {
        <p class="unseen" role="status">{move || dub.read(progress::heading)}</p>
        {move || match face.get() {
            _ if is_gone.get() => gone(),
            Some(face) => face_view(face, dub, on_again),
            None => view! { <div class="screen"></div><p class="hint">"Looking for the dub"</p> }.into_any(),
        }}
    }
}

fn gone() -> AnyView {
    view! { <NotFound heading="This dub is not here" detail="It was removed, or it belongs to somebody else."/> }
        .into_any()
}

fn face_view(face: Face, follow: Follow, on_again: Callback<DubId>) -> AnyView {
    let Some(dub) = follow.now() else { return ().into_any() };
    match face {
        Face::Moving => view! { <Moving dub=follow/> }.into_any(),
        Face::Ready => result(&dub),
        Face::Failed => failed(&dub, on_again),
        Face::Cancelled => cancelled(&dub),
        Face::Unconfirmed => unconfirmed(&dub),
    }
}
