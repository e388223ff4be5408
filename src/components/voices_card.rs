//! Which voices.

use leptos::prelude::*;

use super::{link_box::LinkBox, track_row::TrackRow};
use crate::browser::page;
use crate::model::complaint::Place;
use crate::state::{Session, Studio, given};

/// The card of the voice tracks, one dub for each.
#[component]
pub fn VoicesCard() -> impl IntoView {
    let (studio, session) = (given::<Studio>(), given::<Session>());
    let ids =
        Memo::new(move |_| studio.draft.with(|draft| draft.tracks.iter().map(|track| track.id).collect::<Vec<_>>()));
    let add = Callback::new(move |()| {
        // Whose language was not guessed is asked for it.
        let unnamed = studio.add_voice(session).filter(|id| {
            studio.draft.with_untracked(|draft| draft.track(*id).is_some_and(|track| track.label.is_empty()))
        });
        if let Some(id) = unnamed {
            request_animation_frame(move || page::focus(&Place::Track(id).id()));
        }
    });
    view! {
        <section class="card" aria-labelledby="voices-heading">
            <header><h2 id="voices-heading">"Voice tracks"</h2><span class="hint">"One dub for each"</span></header>
            <div class="body">
                <ul class="tracks"><For each=move || ids.get() key=|id| *id let:id><TrackRow id/></For></ul>
                <LinkBox place=Place::Voice name="Voice link" hint="https://…/voice.mp3" add="Add voice" on_add=add/>
            </div>
        </section>
    }
}
