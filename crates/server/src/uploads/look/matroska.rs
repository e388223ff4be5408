//! Matroska and WebM (RFC 9559, over EBML, RFC 8794): elements in elements, walked as far as the first pictures or sound.

use std::io::{Read, Seek};

use super::{LookError, Refusal, Streams};

const EBML: u32 = 0x1A45_DFA3;
const DOC_TYPE: u32 = 0x4282;
const SEGMENT: u32 = 0x1853_8067;
const TRACKS: u32 = 0x1654_AE6B;
const TRACK_ENTRY: u32 = 0xAE;
const TRACK_TYPE: u32 = 0x83;
const CLUSTER: u32 = 0x1F43_B675;

/// Deeper than elements of interest lie in each other: `Segment`, `Tracks`, `TrackEntry`.
const MAX_DEPTH: u8 = 4;
/// More elements than stand before a file's first cluster, or in all when only clusters are skipped.
const MAX_ELEMENTS: u32 = 200_000;

#[derive(Debug, Default)]
struct Found {
    elements: u32,
    streams: Streams,
    has_tracks: bool,
    has_cluster: bool,
}

/// One element's header.
struct Element {
    id: u32,
    /// Where it ends; `None` where that is not said, as in a live recording.
    end: Option<u64>,
}

/// Walks through the elements of a file of `size` bytes.
pub(super) fn walk<R: Read + Seek>(reader: &mut R, size: u64) -> Result<Streams, LookError> {
    let mut found = Found::default();
    elements(reader, size, 0, &mut found)?;
    if !found.has_tracks || !found.has_cluster {
        return Err(Refusal::damaged().into());
    }
    Ok(found.streams)
}

/// Goes through elements up to the position `end`, or until enough is known.
fn elements<R: Read + Seek>(reader: &mut R, end: u64, depth: u8, found: &mut Found) -> Result<(), LookError> {
    let mut position = reader.stream_position()?;
    while position < end {
        found.elements += 1;
        if found.elements > MAX_ELEMENTS || depth > MAX_DEPTH {
            return Err(Refusal::damaged().into());
        }
        let element = element(reader)?;
        let start = reader.stream_position()?;
        if element.end.is_some_and(|element_end| element_end > end) {
            return Err(Refusal::damaged().into());
        }
        match element.id {
            EBML | SEGMENT | TRACKS | TRACK_ENTRY => {
                found.has_tracks |= element.id == TRACKS;
                elements(reader, element.end.unwrap_or(end), depth + 1, found)?;
            }
            DOC_TYPE => found.streams.is_variant = text(reader, element.end, start)? == b"webm",
            TRACK_TYPE => match text(reader, element.end, start)?.last() {
                Some(1) => found.streams.has_picture = true,
                Some(2) => found.streams.has_sound = true,
                _ => {}
            },
            CLUSTER => found.has_cluster = true,
            _ => {}
        }
        if found.has_tracks && found.has_cluster {
            return Ok(());
        }
        let Some(next) = element.end else { return Ok(()) };
        let here = reader.stream_position()?;
        reader.seek_relative(i64::try_from(next).unwrap_or(i64::MAX) - i64::try_from(here).unwrap_or(0))?;
        position = next;
    }
    Ok(())
}

/// The bytes of a short element.
fn text<R: Read>(reader: &mut R, end: Option<u64>, start: u64) -> Result<Vec<u8>, LookError> {
    const MAX_BYTES: u64 = 16;
    let mut bytes = Vec::new();
    reader.take(end.unwrap_or(start).saturating_sub(start).min(MAX_BYTES)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn element<R: Read + Seek>(reader: &mut R) -> Result<Element, LookError> {
    let (id, _) = number(reader, 4)?;
    let (length, length_bytes) = number(reader, 8)?;
    let start = reader.stream_position()?;
    // RFC 8794, section 6.2: a length with all bits set is not known.
    let mask = (1_u64 << (7 * length_bytes)) - 1;
    let is_unknown = length & mask == mask;
    Ok(Element { id: u32::try_from(id).unwrap_or(0), end: (!is_unknown).then(|| start.saturating_add(length & mask)) })
}

/// A number of up to `most` bytes, with the bit in it that marks its length.
fn number<R: Read>(reader: &mut R, most: u32) -> Result<(u64, u32), LookError> {
    let mut first = [0];
    reader.read_exact(&mut first)?;
    let bytes = first[0].leading_zeros() + 1;
    if bytes > most {
        return Err(Refusal::damaged().into());
    }
    let mut value = u64::from(first[0]);
    for _ in 1..bytes {
        let mut next = [0];
        reader.read_exact(&mut next)?;
        value = value << 8 | u64::from(next[0]);
    }
    Ok((value, bytes))
}
