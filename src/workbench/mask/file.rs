//! Masks as files: which can be one. The model takes every grey for white, so what is sent is black and white alone.

use crate::browser::canvas::{self, Pixels};
use crate::browser::{blob, workbench::Blob};
use crate::model::mask::{Mask, Useless, is_within};
use crate::model::png;

/// The largest picture that is taken for a mask, in pixels: more than any frame, and less than fills the memory.
const MOST_PIXELS: u64 = 64_000_000;

const DAMAGED: &str = "this picture cannot be read. It may be damaged";

/// The size of a picture that may be a mask; nothing if it is no PNG.
pub(in crate::workbench) async fn size(file: &Blob) -> Option<(u32, u32)> {
    png::size(&blob::read(file, 0, png::SIZE_BYTES).await)
}

/// Whether a picture of this size can be taken into the memory.
pub(super) fn fits(size: (u32, u32)) -> bool {
    is_within(size, MOST_PIXELS)
}

/// A PNG of a mask's pixels.
pub(super) fn of(mask: &Mask, (width, height): (u32, u32)) -> Option<Blob> {
    blob::of(&png::file(width, height, mask.pixels()), "image/png")
}

/// What is sent for a picture that was chosen: as large as it is, each pixel white or black. The server takes `most_pixels`.
///
/// # Errors
/// Why it cannot be a mask, as the end of a sentence.
pub(in crate::workbench) async fn strict(file: &Blob, most_pixels: u64) -> Result<Blob, &'static str> {
    let size = size(file).await.ok_or("this is no PNG picture. A PNG would do, white where the speaker is")?;
    if !fits(size) || !is_within(size, most_pixels) {
        return Err("this picture is too large. One of the video's own size would do");
    }
    let Pixels { rgba, .. } = canvas::pixels_of(file, size).await.ok_or(DAMAGED)?;
    let mut mask = Mask::new(size.0, size.1);
    mask.load(&rgba);
    mask.check().map_err(Useless::of_file)?;
    of(&mask, size).ok_or(DAMAGED)
}
