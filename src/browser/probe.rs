//! Looking into media with an element that nobody sees.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlVideoElement};

use super::clock::whole;
use super::listen::first;
use super::object_url::ObjectUrl;

/// How long the head of a file may take: a link's comes over the network.
const OPEN_LIMIT_MS: i32 = 20_000;
/// How long a frame may take to be there.
const FRAME_LIMIT_MS: i32 = 8_000;
/// How long the next frame may take while it plays; at the end there is none.
const NEXT_FRAME_LIMIT_MS: i32 = 600;
/// How many frames are enough to tell their rate.
const COUNTED_FRAMES: usize = 25;
/// `HTMLMediaElement.HAVE_CURRENT_DATA`
const HAVE_CURRENT_DATA: u16 = 2;

/// Media whose head was read. Let go of with the value.
#[derive(Debug)]
pub struct Opened {
    element: HtmlVideoElement,
    _url: Option<ObjectUrl>,
}

/// Whether the frames of a link's video are to be read, for which its other side must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Also its frames.
    Whole,
    /// Its length and size alone.
    Head,
}

impl Opened {
    /// Reads the head of a file.
    pub async fn file(blob: &Blob) -> Option<Self> {
        let url = ObjectUrl::of(blob)?;
        let address = url.as_str().to_owned();
        Self::open(&address, Some(url), None).await
    }

    /// Reads the head of what a link leads to.
    pub async fn link(link: &str, access: Access) -> Option<Self> {
        Self::open(link, None, (access == Access::Whole).then_some("anonymous")).await
    }

    async fn open(address: &str, url: Option<ObjectUrl>, cross_origin: Option<&str>) -> Option<Self> {
        let element: HtmlVideoElement = super::document().create_element("video").ok()?.dyn_into().ok()?;
        element.set_cross_origin(cross_origin);
        element.set_muted(true);
        element.set_preload("auto");
        let _ = element.set_attribute("playsinline", "");
        element.set_src(address);
        let opened = Self { element, _url: url };
        let event = first(&opened.element, &["loadedmetadata", "error"], OPEN_LIMIT_MS).await?;
        (event == "loadedmetadata").then_some(opened)
    }

    /// Width and height, if there is a picture.
    pub fn size(&self) -> Option<(u32, u32)> {
        let size = (self.element.video_width(), self.element.video_height());
        (size.0 > 0 && size.1 > 0).then_some(size)
    }

    /// The length. A browser's own recordings tell it only at their end, which is gone to.
    pub async fn duration_ms(&self) -> Option<i64> {
        if self.element.duration().is_infinite() {
            self.element.set_current_time(1e10);
            first(&self.element, &["durationchange", "error"], FRAME_LIMIT_MS).await;
            self.element.set_current_time(0.0);
            first(&self.element, &["seeked", "error"], FRAME_LIMIT_MS).await;
        }
        let seconds = self.element.duration();
        seconds.is_finite().then(|| whole((seconds * 1_000.0).round()))
    }

    /// The first frame at its own size, as JPEG.
    pub async fn first_frame(&self) -> Option<Blob> {
        if self.element.ready_state() < HAVE_CURRENT_DATA {
            first(&self.element, &["loadeddata", "error"], FRAME_LIMIT_MS)
                .await
                .filter(|event| event == "loadeddata")?;
        }
        super::canvas::picture_of(&self.element, self.size()?).await
    }

    /// The times of the first frames, in seconds, as they are met when it is played.
    pub async fn frame_times_s(&self) -> Vec<f64> {
        let mut times = Vec::new();
        let Some(request) = self.method("requestVideoFrameCallback") else { return times };
        let Ok(playing) = self.element.play() else { return times };
        // Refused where the visitor lets nothing play by itself: then no frame comes, and the limit ends it.
        wasm_bindgen_futures::spawn_local(async move {
            let _ = JsFuture::from(playing).await;
        });
        while times.len() < COUNTED_FRAMES
            && let Some(time) = self.next_frame_s(&request).await
        {
            times.push(time);
        }
        let _ = self.element.pause();
        times
    }

    async fn next_frame_s(&self, request: &Function) -> Option<f64> {
        let frame = Promise::new(&mut |show, _| {
            let _ = super::window().set_timeout_with_callback_and_timeout_and_arguments_0(&show, NEXT_FRAME_LIMIT_MS);
            let on_frame = Closure::once_into_js(move |_: f64, frame: JsValue| show.call1(&JsValue::NULL, &frame));
            let _ = request.call1(&self.element, &on_frame);
        });
        let frame = JsFuture::from(frame).await.ok()?;
        Reflect::get(&frame, &"mediaTime".into()).ok()?.as_f64()
    }

    fn method(&self, name: &str) -> Option<Function> {
        Reflect::get(&self.element, &name.into()).ok()?.dyn_into().ok()
    }

    /// Whether there is a sound, where the browser tells. Chromium does once it has played.
    pub fn has_sound(&self) -> Option<bool> {
        let property = |name: &str| Reflect::get(&self.element, &name.into()).ok();
        let firefox = property("mozHasAudio").and_then(|has| has.as_bool());
        let safari = || Some(Reflect::get(&property("audioTracks")?, &"length".into()).ok()?.as_f64()? > 0.0);
        let chromium = || {
            let has_some = property("webkitAudioDecodedByteCount")?.as_f64()? > 0.0;
            (has_some || self.element.current_time() > 0.0).then_some(has_some)
        };
        firefox.or_else(safari).or_else(chromium)
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        // Without this a browser may keep what it has read, and the decoder.
        let _ = self.element.remove_attribute("src");
        self.element.load();
    }
}
