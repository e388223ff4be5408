//! What a `<video>` or `<audio>` element knows of its file, and which of them is heard.

use std::cell::RefCell;

use wasm_bindgen::{JsCast, prelude::Closure};
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
    element(event).map_or(0, |media| super::clock::whole(media.current_time() * 1_000.0))
}

thread_local! {
    /// Who began last to be heard.
    static HEARD: RefCell<Option<HtmlMediaElement>> = const { RefCell::new(None) };
}

/// Lets one element at a time be heard, on all of the page: who begins stops who was heard before.
pub fn hear_one_at_a_time() {
    let hear = Closure::<dyn FnMut(Event)>::new(|event: Event| {
        // It may have been stopped since; and who is silent disturbs nobody.
        let Some(media) = element(&event).filter(|media| !media.paused() && !media.muted()) else { return };
        let before = HEARD.replace(Some(media.clone()));
        if let Some(before) = before.filter(|before| *before != media) {
            let _ = before.pause();
        }
    });
    let hear = hear.into_js_value();
    // These events do not rise to the document, so it listens on their way down.
    let _ = super::document().add_event_listener_with_callback_and_bool("play", hear.unchecked_ref(), true);
}

fn element(event: &Event) -> Option<HtmlMediaElement> {
    event.target()?.dyn_into().ok()
}
