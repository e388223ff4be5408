//! Picture and voice of the free preview, as two elements that play as one. Who has to do what, `model::sync` says.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Event, HtmlElement, HtmlMediaElement};

use super::clock::whole;
use crate::model::sync::{self, Follow, Picture, Voice};

/// The id of the picture's element.
pub const PICTURE: &str = "preview-picture";
/// The id of the voice's element.
pub const VOICE: &str = "preview-voice";

/// Says that a ground is covered, to the style sheet.
const COVERED: &str = "data-covered";
/// `HTMLMediaElement.HAVE_FUTURE_DATA`
const HAVE_FUTURE_DATA: u16 = 3;
/// Two moments that differ by less, in seconds, are the same: to go from one to the other costs a browser a seek.
const SAME_PLACE_S: f64 = 0.005;
/// Two speeds that differ by less, as a part of the voice's, are the same: each change costs a browser something.
const SAME_SPEED: f64 = 0.05;

/// The element that the page gives to the preview. What the page has put there is not seen while the preview is.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground(HtmlElement);

impl Ground {
    /// The one that is there now.
    pub fn find(id: &str) -> Option<Self> {
        super::document().get_element_by_id(id)?.dyn_into().ok().map(Self)
    }

    /// Hides what stands in it; [`uncover`](Self::uncover) shows it again.
    pub fn cover(&self) -> HtmlElement {
        let _ = self.0.set_attribute(COVERED, "");
        self.0.clone()
    }

    /// Shows what the page has put there.
    pub fn uncover(&self) {
        let _ = self.0.remove_attribute(COVERED);
    }
}

/// Both elements.
#[derive(Debug, Clone)]
pub struct Duet {
    picture: HtmlMediaElement,
    voice: HtmlMediaElement,
    /// Whether the voice was told to play, and not to pause since.
    is_told: Rc<Cell<bool>>,
}

impl Duet {
    /// Finds them.
    pub fn find() -> Option<Self> {
        let find = |id| super::document().get_element_by_id(id)?.dyn_into::<HtmlMediaElement>().ok();
        let (picture, voice) = (find(PICTURE)?, find(VOICE)?);
        // The attribute alone silences only what was silent when it was made.
        picture.set_muted(true);
        Some(Self { picture, voice, is_told: Rc::default() })
    }

    /// Where the voice is.
    pub fn at_ms(&self) -> i64 {
        whole(self.voice.current_time() * 1_000.0)
    }

    /// How long the voice and the picture are, where that is known.
    pub fn lengths_ms(&self) -> [Option<i64>; 2] {
        [&self.voice, &self.picture].map(|media| {
            let seconds = media.duration();
            seconds.is_finite().then(|| whole((seconds * 1_000.0).round()))
        })
    }

    /// Whether the voice is one that tells its length only at its end, as a browser's own recordings do.
    pub fn is_endless(&self) -> bool {
        self.voice.duration().is_infinite()
    }

    /// Whether the voice is over.
    pub fn has_ended(&self) -> bool {
        self.voice.ended()
    }

    /// Whether somebody else has stopped the voice: another player of the page, a key of the headphones, or a browser that lets
    /// only a press start it.
    pub fn was_stopped(&self) -> bool {
        self.is_told.get() && self.voice.paused()
    }

    /// Another voice is about to come, which nobody has told to play.
    pub fn expect_another(&self) {
        self.is_told.set(false);
    }

    /// Whether the picture stands still while the voice goes on.
    pub fn is_held(&self) -> bool {
        let voice_s = self.voice.current_time();
        sync::shown_s(voice_s, self.picture.duration()) < voice_s
    }

    /// Begins. Both are told at once, as some browsers let only a press start them; who is early waits by [`tick`](Self::tick).
    pub fn play(&self) {
        self.speak();
        play(&self.picture);
    }

    /// Stops both at the same moment.
    pub fn pause(&self) {
        self.hush();
        let _ = self.picture.pause();
        let to_s = self.shown_s();
        if (self.picture.current_time() - to_s).abs() > SAME_PLACE_S {
            self.picture.set_current_time(to_s);
        }
    }

    /// Goes to a moment of the voice.
    #[expect(clippy::cast_precision_loss, reason = "no voice is that long")]
    pub fn seek(&self, to_ms: i64) {
        self.voice.set_current_time(to_ms as f64 / 1_000.0);
        self.picture.set_current_time(self.shown_s());
    }

    /// Plays the voice at another speed; the picture follows by [`tick`](Self::tick).
    pub fn set_rate(&self, rate: f64) {
        self.voice.set_playback_rate(rate);
        self.picture.set_playback_rate(rate);
    }

    /// Silences the voice, or lets it be heard again; then it stops whoever else is heard, as if it had just begun.
    pub fn set_silent(&self, is_silent: bool) {
        self.voice.set_muted(is_silent);
        if let Ok(begun) = Event::new("play") {
            let _ = self.voice.dispatch_event(&begun);
        }
    }

    /// Lets go of what was loaded.
    pub fn let_go(&self) {
        for media in [&self.voice, &self.picture] {
            let _ = media.pause();
            let _ = media.remove_attribute("src");
            media.load();
        }
    }

    /// Keeps the picture with the voice; to be called at every frame while they are meant to play.
    pub fn tick(&self) {
        let (voice, picture) = (&self.voice, &self.picture);
        let (is_voice_ready, is_picture_ready) = (is_ready(voice), is_ready(picture));
        let now = sync::follow(
            Voice {
                at_s: voice.current_time(),
                rate: voice.playback_rate(),
                is_ready: is_voice_ready,
                is_paused: voice.paused(),
            },
            Picture {
                at_s: picture.current_time(),
                length_s: picture.duration(),
                rate: picture.playback_rate(),
                is_ready: is_picture_ready,
                has_ended: picture.ended(),
            },
        );
        match now {
            // Who is not ready is left to become so: paused, some would not load on.
            Follow::Wait => {
                if is_voice_ready {
                    self.hush();
                }
                if is_picture_ready {
                    let _ = picture.pause();
                }
            }
            Follow::Hold => {
                let _ = picture.pause();
                self.speak();
            }
            Follow::Nudge(speed) => {
                self.speed_up_to(speed);
                play(picture);
                self.speak();
            }
            Follow::Catch => {
                self.hush();
                self.speed_up_to(voice.playback_rate());
                play(picture);
            }
            Follow::Seek(to_s) => {
                self.hush();
                picture.set_current_time(to_s);
            }
        }
    }

    fn speak(&self) {
        self.is_told.set(true);
        play(&self.voice);
    }

    fn hush(&self) {
        self.is_told.set(false);
        let _ = self.voice.pause();
    }

    /// Plays the picture at another speed. Back at the voice's own it stays there; on the way small changes are left out.
    fn speed_up_to(&self, speed: f64) {
        let (now, usual) = (self.picture.playback_rate(), self.voice.playback_rate());
        let is_usual = (speed - usual).abs() < f64::EPSILON;
        if (now - speed).abs() > if is_usual { f64::EPSILON } else { SAME_SPEED * usual } {
            self.picture.set_playback_rate(speed);
        }
    }

    /// The moment of the picture that belongs to where the voice is.
    fn shown_s(&self) -> f64 {
        sync::shown_s(self.voice.current_time(), self.picture.duration())
    }
}

/// While an element looks for its place, its time is where it is going, not where it is.
fn is_ready(media: &HtmlMediaElement) -> bool {
    !media.seeking() && (media.ready_state() >= HAVE_FUTURE_DATA || media.ended())
}

/// Plays what is paused. That it was paused again before it began is no news.
fn play(media: &HtmlMediaElement) {
    if !media.paused() {
        return;
    }
    if let Ok(playing) = media.play() {
        spawn_local(async move {
            let _: Result<JsValue, JsValue> = JsFuture::from(Promise::resolve(&playing)).await;
        });
    }
}
