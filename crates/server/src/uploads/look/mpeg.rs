//! MPEG program streams (ISO/IEC 13818-1) and bare MPEG video: there is a picture where a start code announces one.

use std::io::Read;

use super::{LookError, Refusal, Streams};

/// How far a start code is looked for: streams take turns several times a second.
const FAR: u64 = 1 << 20;
/// What follows 00 00 01: a packet of a video stream, or the header of a bare one.
const PICTURES: std::ops::RangeInclusive<u8> = 0xe0..=0xef;
const BARE_PICTURES: u8 = 0xb3;
const SOUNDS: std::ops::RangeInclusive<u8> = 0xc0..=0xdf;

/// Looks through the start of a file.
pub(super) fn walk<R: Read>(reader: &mut R) -> Result<Streams, LookError> {
    let mut start = Vec::new();
    reader.take(FAR).read_to_end(&mut start)?;
    let codes = || start.windows(4).filter_map(|window| window.strip_prefix(b"\0\0\x01")).map(|code| code[0]);
    let has_picture = codes().any(|code| PICTURES.contains(&code) || code == BARE_PICTURES);
    let has_sound = codes().any(|code| SOUNDS.contains(&code));
    if has_picture || has_sound {
        Ok(Streams { has_picture, has_sound, is_variant: false })
    } else {
        Err(Refusal::damaged().into())
    }
}
