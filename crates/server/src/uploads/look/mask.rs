//! Masks: PNG, decoded a row at a time, so that the largest takes no more memory than its widest row.

use std::io::{BufRead, Seek};

use png::{Decoder, DecodingError, Limits, Transformations};

use super::{LookError, Refusal};

/// What decoding may take: a row of the widest mask with 16 bits a channel, twice, and the decoder's own.
const MAX_MEMORY: usize = 16 << 20;
/// More pixels a side than any video has: decoding keeps two rows, and one may be all of the pixels.
const MAX_SIDE: u32 = 16_384;
/// Values from here on are white.
const WHITE_FROM: u8 = 128;

/// Looks whether there is something white and something black in the mask.
pub(super) fn look<R: BufRead + Seek>(reader: R, max_pixels: u64) -> Result<(), LookError> {
    let mut decoder = Decoder::new_with_limits(reader, Limits { bytes: MAX_MEMORY });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let (width, height) = decoder.read_header_info().map_err(refusal)?.size();
    if u64::from(width) * u64::from(height) > max_pixels {
        let megapixels = max_pixels / 1_000_000;
        let why = format!("This mask has {width} x {height} pixels; at most {megapixels} million are taken.");
        return Err(Refusal::unusable(why).into());
    }
    if width.max(height) > MAX_SIDE {
        let why = format!("This mask has {width} x {height} pixels; at most {MAX_SIDE} a side are taken.");
        return Err(Refusal::unusable(why).into());
    }
    let mut reader = decoder.read_info().map_err(refusal)?;
    let samples = reader.output_color_type().0.samples();
    let has_alpha = matches!(samples, 2 | 4);
    let (mut has_white, mut has_black) = (false, false);
    while let Some(row) = reader.next_row().map_err(refusal)? {
        for pixel in row.data().chunks_exact(samples) {
            let colour = if has_alpha { &pixel[..samples - 1] } else { pixel };
            let is_white = colour.iter().any(|value| *value >= WHITE_FROM);
            has_white |= is_white;
            has_black |= !is_white;
        }
    }
    match (has_white, has_black) {
        (true, true) => Ok(()),
        (false, _) => Err(Refusal::unusable("This mask is black throughout: nobody is marked.").into()),
        (true, false) => Err(Refusal::unusable("This mask is white throughout: everything is marked.").into()),
    }
}

fn refusal(error: DecodingError) -> LookError {
    match error {
        DecodingError::IoError(error) => error.into(),
        DecodingError::LimitsExceeded => Refusal::unusable("This mask takes too much memory.").into(),
        DecodingError::Format(_) | DecodingError::Parameter(_) => Refusal::damaged().into(),
    }
}
