//! MP4, MOV and M4A (ISO/IEC 14496-12): boxes in boxes. The walk keeps nothing but the few numbers it is after.

use std::io::{self, Read, Seek};

use super::{LookError, Refusal, Streams};

/// Deeper than boxes of interest lie in each other: `moov`, `trak`, `mdia`, `minf`, `stbl`.
const MAX_DEPTH: u8 = 6;
/// More boxes than any real file has; a fragment a second makes two a second.
const MAX_BOXES: u32 = 200_000;

/// What the walk finds.
#[derive(Debug, Default)]
struct Found {
    boxes: u32,
    has_index: bool,
    is_quicktime: bool,
    has_fragments: bool,
    /// The track that the walk is in.
    track: Track,
    pictures: Kind,
    sounds: Kind,
}

/// What all tracks of a kind have.
#[derive(Debug, Default)]
struct Kind {
    is_there: bool,
    has_samples: bool,
}

#[derive(Debug, Default)]
struct Track {
    handler: [u8; 4],
    samples: u32,
    duration: u64,
}

/// Walks through the boxes of a file of `size` bytes.
pub(super) fn walk<R: Read + Seek>(reader: &mut R, size: u64) -> Result<Streams, LookError> {
    let mut found = Found::default();
    boxes(reader, size, 0, &mut found)?;
    if !found.has_index {
        return Err(Refusal::damaged().into());
    }
    let has = |kind: &Kind| kind.has_samples || (kind.is_there && found.has_fragments);
    Ok(Streams { has_picture: has(&found.pictures), has_sound: has(&found.sounds), is_variant: found.is_quicktime })
}

/// Goes through boxes up to the position `end`; the reader stands there afterwards.
fn boxes<R: Read + Seek>(reader: &mut R, end: u64, depth: u8, found: &mut Found) -> Result<(), LookError> {
    let mut position = reader.stream_position()?;
    // Some writers end a list of boxes with four zero bytes.
    while end.saturating_sub(position) >= 8 {
        found.boxes += 1;
        if found.boxes > MAX_BOXES || depth > MAX_DEPTH {
            return Err(Refusal::damaged().into());
        }
        let (name, next) = header(reader, position, end)?;
        match depth {
            0 => top_level(reader, name, next, found)?,
            _ => in_index(reader, name, next, depth + 1, found)?,
        }
        let here = reader.stream_position()?;
        reader.seek_relative(i64::try_from(next).unwrap_or(i64::MAX) - i64::try_from(here).unwrap_or(0))?;
        position = next;
    }
    Ok(())
}

/// A box's name, and where the next one begins.
fn header<R: Read>(reader: &mut R, position: u64, end: u64) -> Result<([u8; 4], u64), LookError> {
    let mut name = [0; 4];
    let short = u32_be(reader)?;
    reader.read_exact(&mut name)?;
    let (length, least) = match short {
        0 => (end - position, 8),
        1 => (u64_be(reader)?, 16),
        length => (u64::from(length), 8),
    };
    let next = position.saturating_add(length);
    if length < least || next > end {
        return Err(Refusal::damaged().into());
    }
    Ok((name, next))
}

fn top_level<R: Read + Seek>(reader: &mut R, name: [u8; 4], next: u64, found: &mut Found) -> Result<(), LookError> {
    match &name {
        b"ftyp" => {
            let mut brand = [0; 4];
            reader.read_exact(&mut brand)?;
            found.is_quicktime = &brand == b"qt  ";
        }
        b"moof" => found.has_fragments = true,
        b"moov" => {
            found.has_index = true;
            boxes(reader, next, 1, found)?;
        }
        _ => {}
    }
    Ok(())
}

/// Takes what is needed from a box of the index; boxes in it are at `depth`.
fn in_index<R: Read + Seek>(
    reader: &mut R,
    name: [u8; 4],
    next: u64,
    depth: u8,
    found: &mut Found,
) -> Result<(), LookError> {
    match &name {
        b"trak" => {
            found.track = Track::default();
            boxes(reader, next, depth, found)?;
            let Track { handler, samples, duration } = found.track;
            let kind = match &handler {
                b"vide" => &mut found.pictures,
                b"soun" => &mut found.sounds,
                _ => return Ok(()),
            };
            kind.is_there = true;
            kind.has_samples |= samples > 0 && duration > 0;
        }
        b"mdia" | b"minf" | b"stbl" => boxes(reader, next, depth, found)?,
        b"hdlr" => {
            skip(reader, 8)?;
            // QuickTime has a second handler, of the data, in `minf`: the media's comes first.
            let mut handler = [0; 4];
            reader.read_exact(&mut handler)?;
            if found.track.handler == [0; 4] {
                found.track.handler = handler;
            }
        }
        b"mdhd" => {
            let is_long = u32_be(reader)? >> 24 == 1;
            skip(reader, if is_long { 20 } else { 12 })?;
            found.track.duration = if is_long { u64_be(reader)? } else { u32_be(reader)?.into() };
        }
        b"stsz" | b"stz2" => {
            skip(reader, 8)?;
            found.track.samples = u32_be(reader)?;
        }
        _ => {}
    }
    Ok(())
}

fn skip<R: Read>(reader: &mut R, bytes: u64) -> Result<(), io::Error> {
    io::copy(&mut reader.take(bytes), &mut io::sink()).map(drop)
}

fn u32_be<R: Read>(reader: &mut R) -> Result<u32, io::Error> {
    let mut bytes = [0; 4];
    reader.read_exact(&mut bytes)?;
    Ok(u32::from_be_bytes(bytes))
}

fn u64_be<R: Read>(reader: &mut R) -> Result<u64, io::Error> {
    let mut bytes = [0; 8];
    reader.read_exact(&mut bytes)?;
    Ok(u64::from_be_bytes(bytes))
}
