//! The video, once there is one: its first frame, its name, its length and size.

use leptos::prelude::*;

use super::{field_error::FieldError, press::press};
use crate::browser::{media::probe, page};
use crate::model::{complaint::Place, media, media::Probe, words};
use crate::state::{Studio, given, studio::PICTURE};

/// The row of an added video.
#[component]
pub fn VideoClip(
    /// Its link.
    link: String,
) -> impl IntoView {
    let studio = given::<Studio>();
    let name = media::file_name(&link).to_owned();
    let doubt = (!media::has_video_ending(&link)).then(|| {
        view! { <p class="note">"This link does not end in .mp4, .mov, .webm, .mkv, .avi or .mpeg. Its type may not be recognised."</p> }.into_any()
    });
    let replace = press(move || {
        studio.reopen_video();
        page::focus(&Place::Video.id());
    });
    view! {
        <div class="clip">
            <video class="thumb" src=link.clone() preload="metadata" playsinline tabindex="-1" aria-hidden="true"
                on:loadedmetadata=move |event| studio.learn(PICTURE, probe(&event)) on:error=move |_| studio.learn(PICTURE, Probe::Closed)></video>
            <div><b title=link>{name}</b><small class="num">{move || facts(studio.probe(PICTURE))}</small></div>
            <button class="btn quiet" id=Place::Video.id() on:click=replace>"Replace"</button>
        </div>
        {doubt}
        <FieldError place=Place::Video/>
    }
}

fn facts(video: Probe) -> String {
    match video {
        Probe::Loading => "Looking at the link".to_owned(),
        Probe::Closed => "Could not look inside this link".to_owned(),
        Probe::Open { duration_ms, size } => {
            let length = duration_ms.map(words::length);
            let size = size.map(|(width, height)| [&width.to_string(), " × ", &height.to_string()].concat());
            length.into_iter().chain(size).collect::<Vec<_>>().join(" · ")
        }
    }
}
