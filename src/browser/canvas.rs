//! Drawing: pictures into pixels and back.

use js_sys::Promise;
use wasm_bindgen::{Clamped, JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, ImageBitmap, ImageData};

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

/// Pixels, four bytes each, row by row.
#[derive(Debug)]
pub struct Pixels {
    /// How many in a row.
    pub width: u32,
    /// How many rows.
    pub height: u32,
    /// Red, green, blue and opacity of each.
    pub rgba: Vec<u8>,
}

/// Width and height of a picture in a file; nothing if it is none.
pub async fn size_of(file: &Blob) -> Option<(u32, u32)> {
    bitmap(file).await.map(|bitmap| (bitmap.width(), bitmap.height()))
}

/// The pixels of a picture in a file, scaled to this size without mixing neighbours.
pub async fn pixels_of(file: &Blob, size: (u32, u32)) -> Option<Pixels> {
    let bitmap = bitmap(file).await?;
    let (_, context) = canvas(size)?;
    context.set_image_smoothing_enabled(false);
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height).ok()?;
    let rgba = context.get_image_data(0.0, 0.0, width, height).ok()?.data().0;
    Some(Pixels { width: size.0, height: size.1, rgba })
}

async fn bitmap(file: &Blob) -> Option<ImageBitmap> {
    let made = super::window().create_image_bitmap_with_blob(file).ok()?;
    JsFuture::from(made).await.ok()?.dyn_into().ok()
}

/// Puts pixels on the canvas of this id, at this place.
pub fn put(id: &str, pixels: &Pixels, (x, y): (u32, u32)) {
    let drawn = || -> Option<()> {
        let canvas: HtmlCanvasElement = super::document().get_element_by_id(id)?.dyn_into().ok()?;
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        let data =
            ImageData::new_with_u8_clamped_array_and_sh(Clamped(&pixels.rgba), pixels.width, pixels.height).ok()?;
        context.put_image_data(&data, f64::from(x), f64::from(y)).ok()
    };
    // What was painted counts also where it cannot be shown.
    let _ = drawn();
}

/// The colour of the text in the element of this id: what its style sheet wants to be painted with.
pub fn ink(id: &str) -> Option<[u8; 3]> {
    let element = super::document().get_element_by_id(id)?;
    let colour = super::window().get_computed_style(&element).ok()??.get_property_value("color").ok()?;
    let mut parts = colour.strip_prefix("rgb(")?.strip_suffix(')')?.split(',').map(|part| part.trim().parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}
