//! A dub, whatever has become of it.

use contract::DubId;
use leptos::prelude::*;

use super::dub_actions::Again;
use super::dub_endings::deleted;
use super::element::{bare, el, live, nothing};
use super::moving::moving;
use super::not_found::not_found;
use super::result::result;
use super::unfinished::{cancelled, failed, unconfirmed};
use crate::model::progress::{self, Face};
use crate::state::{Trash, Watcher, given, watcher::Follow};

/// The stage of one dub. What changes is also said to a screen reader.
pub fn dub_view(id: DubId, again: Again) -> Vec<AnyView> {
    let (trash, dub) = (given::<Trash>(), given::<Watcher>().follow(id.clone()));
    let is_deleted = Memo::new(move |_| trash.deletion(&id).goes_on());
    // A playing video is not touched by an answer that brings no news.
    let face = Memo::new(move |_| dub.read(progress::face));
    let is_gone = Memo::new(move |_| dub.is_gone());
    let heading = el("p", "unseen").set("role", "status");
    vec![
        heading.says(move || dub.read(progress::heading).unwrap_or_default()).into(),
        live(move || match face.get() {
            _ if is_gone.get() => gone(),
            _ if is_deleted.get() => dub.now().map_or_else(nothing, |dub| deleted("notice", &dub).into()),
            Some(face) => untrack(|| face_view(face, dub, again)),
            None => el("div", "screen").into(),
        }),
    ]
}

fn gone() -> AnyView {
    let why = "It was removed, or it belongs to somebody else.";
    bare("div").child(not_found("This dub is not here", why)).into()
}

fn face_view(face: Face, follow: Follow, again: Again) -> AnyView {
    let Some(dub) = follow.now() else { return nothing() };
    match face {
        Face::Moving => moving(&dub, follow),
        Face::Ready => result(&dub),
        Face::Failed => failed(&dub, again),
        Face::Cancelled => cancelled(&dub),
        Face::Unconfirmed => unconfirmed(&dub),
    }
    .into()
}
