//! AVI: RIFF chunks in lists. There is a picture where a video stream is announced and the list of frames has some.

use std::io::{Read, Seek};

use super::{LookError, Refusal, Streams};

/// `RIFF`, a length, `AVI `.
const START: u64 = 12;
/// Deeper than chunks of interest lie in each other: `hdrl`, `strl`, `strh`.
const MAX_DEPTH: u8 = 3;
/// More chunks than stand before the frames of any real file.
const MAX_CHUNKS: u32 = 10_000;

#[derive(Debug, Default)]
struct Found {
    chunks: u32,
    streams: Streams,
    has_frames: bool,
}

/// Walks through the chunks of a file of `size` bytes.
pub(super) fn walk<R: Read + Seek>(reader: &mut R, size: u64) -> Result<Streams, LookError> {
    let mut found = Found::default();
    reader.seek_relative(START.cast_signed())?;
    chunks(reader, START, size, 1, &mut found)?;
    if found.has_frames { Ok(found.streams) } else { Err(Refusal::damaged().into()) }
}

/// Goes through chunks from `position` up to `end`, or to the frames.
fn chunks<R: Read + Seek>(
    reader: &mut R,
    mut position: u64,
    end: u64,
    depth: u8,
    found: &mut Found,
) -> Result<(), LookError> {
    while end.saturating_sub(position) >= 8 && !found.has_frames {
        found.chunks += 1;
        let (mut name, mut length) = ([0; 4], [0; 4]);
        reader.read_exact(&mut name)?;
        reader.read_exact(&mut length)?;
        let (start, length) = (position + 8, u64::from(u32::from_le_bytes(length)));
        if length > end - start || found.chunks > MAX_CHUNKS || depth > MAX_DEPTH {
            return Err(Refusal::damaged().into());
        }
        let mut read = 0;
        if matches!(&name, b"LIST" | b"strh") && length >= 4 {
            let mut kind = [0; 4];
            reader.read_exact(&mut kind)?;
            read = 4;
            match (&name, &kind) {
                (b"strh", b"vids") => found.streams.has_picture = true,
                (b"strh", b"auds") => found.streams.has_sound = true,
                (b"LIST", b"movi") => found.has_frames = length > 4 + 8,
                (b"LIST", b"hdrl" | b"strl") => {
                    chunks(reader, start + 4, start + length, depth + 1, found)?;
                    read = reader.stream_position()? - start;
                }
                _ => {}
            }
        }
        // Chunks begin at even places.
        position = start + length + length % 2;
        reader.seek_relative(position.cast_signed() - (start + read).cast_signed())?;
    }
    Ok(())
}
