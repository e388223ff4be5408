//! Which picture.

use leptos::prelude::*;

use super::{link_box::LinkBox, video_clip::VideoClip};
use crate::model::complaint::Place;
use crate::state::{Session, Studio, given};

/// The card of the video: a box for its link, or what the link turned out to be.
#[component]
pub fn VideoCard() -> impl IntoView {
    let (studio, session) = (given::<Studio>(), given::<Session>());
    let link = Memo::new(move |_| studio.draft.with(|draft| draft.video.clone()));
    let add = Callback::new(move |()| {
        studio.add_video(session);
    });
    view! {
        <section class="card" aria-labelledby="video-heading">
            <header><h2 id="video-heading">"Video"</h2><span class="hint">"MP4, MOV or WebM"</span></header>
            <div class="body">{move || body(link.get(), add)}</div>
        </section>
    }
}

fn body(link: String, on_add: Callback<()>) -> AnyView {
    if link.is_empty() {
        view! { <LinkBox place=Place::Video name="Video link" hint="https://…/video.mp4" add="Add video" on_add/> }
            .into_any()
    } else {
        view! { <VideoClip link/> }.into_any()
    }
}
