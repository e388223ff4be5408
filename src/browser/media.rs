//! What a `<video>` or `<audio>` element knows of its file.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlMediaElement, HtmlVideoElement};

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

/// Plays or pauses the element beside the button that was pressed. Whether it worked, the element's own events tell.
pub fn toggle(event: &Event) {
    let button = event.current_target().and_then(|target| target.dyn_into::<Element>().ok());
    let media = button.and_then(|button| button.next_element_sibling());
    if let Some(media) = media.and_then(|media| media.dyn_into::<HtmlMediaElement>().ok()) {
        if media.paused() {
            let _ = media.play();
        } else {
            let _ = media.pause();
        }
    }
}

/// How far the element of an event has played.
pub fn position_ms(event: &Event) -> i64 {
    let media = event.target().and_then(|target| target.dyn_into::<HtmlMediaElement>().ok());
    media.map_or(0, |media| super::clock::whole(media.current_time() * 1_000.0))
}
