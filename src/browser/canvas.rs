//! Drawing on canvases that nobody sees.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement};

/// How well a frame is kept: it is looked at and painted over, not processed.
const FRAME_QUALITY: f64 = 0.92;

/// A canvas of this size, and what draws on it.
fn canvas((width, height): (u32, u32)) -> Option<(HtmlCanvasElement, CanvasRenderingContext2d)> {
    let canvas: HtmlCanvasElement = super::document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Some((canvas, context))
}

/// What a video shows now, as JPEG; nothing where its other side does not let the page read it.
pub async fn picture_of(video: &HtmlVideoElement, size: (u32, u32)) -> Option<Blob> {
    let (canvas, context) = canvas(size)?;
    context.draw_image_with_html_video_element(video, 0.0, 0.0).ok()?;
    let blob = Promise::new(&mut |made, _| {
        let on_made = made.clone();
        let on_made = Closure::once_into_js(move |blob: JsValue| on_made.call1(&JsValue::NULL, &blob));
        let asked =
            canvas.to_blob_with_type_and_encoder_options(on_made.unchecked_ref(), "image/jpeg", &FRAME_QUALITY.into());
        if asked.is_err() {
            let _ = made.call0(&JsValue::NULL);
        }
    });
    JsFuture::from(blob).await.ok()?.dyn_into().ok()
}
