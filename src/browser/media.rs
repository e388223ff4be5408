//! What a `<video>` or `<audio>` element knows of its file.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlMediaElement, HtmlVideoElement};

use crate::model::media::Probe;

/// What the element of a `loadedmetadata` event has learnt.
pub fn probe(event: &Event) -> Probe {
    let target = event.target();
    let media = target.as_ref().and_then(|target| target.dyn_ref::<HtmlMediaElement>());
    let seconds = media.map_or(f64::NAN, HtmlMediaElement::duration);
    let video = target.as_ref().and_then(|target| target.dyn_ref::<HtmlVideoElement>());
    Probe::Open {
        duration_ms: seconds.is_finite().then(|| super::clock::whole(seconds * 1_000.0)),
        size: video.map(|video| (video.video_width(), video.video_height())).filter(|(width, _)| *width > 0),
    }
}

/// Plays what is paused, pauses what plays. Whether it worked, the element's own events tell.
pub fn toggle(media: &HtmlMediaElement) {
    if media.paused() {
        let _ = media.play();
    } else {
        let _ = media.pause();
    }
}
