//! What the outermost bytes of a file tell: whether all of it is there, and of MP4 and MOV what its tracks are.
//!
//! A browser plays what it has of a file that was cut off, and counts frames only by playing them; the container tells both
//! at once. ISO/IEC 14496-12 for MP4, RFC 8794 and 9559 for Matroska and `WebM`.

/// The head of a box of an MP4 or MOV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BoxHead {
    /// What is in it.
    pub kind: [u8; 4],
    /// How much of it is its head.
    pub head_bytes: u64,
    /// How long it is with its head; 0 when it goes on to the end of the file.
    pub size_bytes: u64,
}

/// As many bytes as the head of a box can have.
pub const BOX_HEAD_BYTES: u64 = 16;
/// The boxes that files begin with.
const FIRST_BOXES: [&[u8; 4]; 7] = [b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"];

impl BoxHead {
    /// The head that these bytes begin with.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let kind = *bytes.get(4..)?.first_chunk()?;
        let (head_bytes, size_bytes) = match u32_at(bytes, 0)? {
            1 => (16, u64::from_be_bytes(*bytes.get(8..)?.first_chunk()?)),
            size => (8, u64::from(size)),
        };
        (size_bytes == 0 || size_bytes >= head_bytes).then_some(Self { kind, head_bytes, size_bytes })
    }

    /// Whether a file that begins with it is an MP4 or a MOV.
    pub fn is_first(self) -> bool {
        FIRST_BOXES.iter().any(|kind| **kind == self.kind)
    }
}

/// How long a WAV, `WebM` or Matroska file says that it is, by its first bytes.
pub fn declared_bytes(bytes: &[u8]) -> Option<u64> {
    if bytes.starts_with(b"RIFF") {
        let size = u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?);
        // Writers that cannot go back leave one of these.
        return (size != 0 && size != u32::MAX).then_some(u64::from(size) + 8);
    }
    let header = bytes.strip_prefix(&[0x1A, 0x45, 0xDF, 0xA3])?;
    let (size, length) = ebml_size(header)?;
    let segment_at = 4 + length + usize::try_from(size?).ok()?;
    let segment = bytes.get(segment_at..)?.strip_prefix(&[0x18, 0x53, 0x80, 0x67])?;
    let (size, length) = ebml_size(segment)?;
    Some(u64::try_from(segment_at + 4 + length).ok()?.saturating_add(size?))
}

/// A size as EBML writes it, `None` when it is left open, and how many bytes it takes.
fn ebml_size(bytes: &[u8]) -> Option<(Option<u64>, usize)> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    let digits = bytes.get(..length).filter(|_| length <= 8)?;
    let all = digits.iter().fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
    let open = (1 << (7 * length)) - 1;
    let value = all & open;
    Some(((value != open).then_some(value), length))
}

/// What the tracks of an MP4 or MOV file are.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tracks {
    /// Frames a second of the first picture, in the middle where they vary.
    pub fps: Option<f64>,
    /// Whether there is a picture.
    pub has_picture: bool,
    /// Whether there is a sound.
    pub has_sound: bool,
}

impl Tracks {
    /// Reads the inside of a `moov` box.
    pub fn read(moov: &[u8]) -> Self {
        let mut tracks = Self::default();
        for track in boxes(moov).filter(|(kind, _)| kind == b"trak").map(|(_, body)| body) {
            let Some(media) = inside(track, *b"mdia") else { continue };
            match inside(media, *b"hdlr").and_then(|handler| handler.get(8..12)) {
                Some(b"vide") => {
                    tracks.has_picture = true;
                    tracks.fps = tracks.fps.or_else(|| rate(media));
                }
                Some(b"soun") => tracks.has_sound = true,
                _ => {}
            }
        }
        tracks
    }
}

/// Frames a second by the table of their lengths. Fragmented files have it elsewhere, in pieces.
#[expect(clippy::cast_precision_loss, reason = "exact for any length of a film")]
fn rate(media: &[u8]) -> Option<f64> {
    let head = inside(media, *b"mdhd")?;
    let units_per_second = u32_at(head, if head.first()? == &1 { 20 } else { 12 })?;
    let table = inside(inside(inside(media, *b"minf")?, *b"stbl")?, *b"stts")?;
    let (mut frames, mut units) = (0_u64, 0_u64);
    for entry in table.get(8..)?.chunks_exact(8) {
        let count = u64::from(u32_at(entry, 0)?);
        frames += count;
        units += count * u64::from(u32_at(entry, 4)?);
    }
    (frames > 1 && units > 0).then(|| frames as f64 * f64::from(units_per_second) / units as f64)
}

/// The first box of this kind.
fn inside(bytes: &[u8], kind: [u8; 4]) -> Option<&[u8]> {
    boxes(bytes).find(|(found, _)| *found == kind).map(|(_, body)| body)
}

/// The boxes that follow each other here, up to the first that is not whole.
fn boxes(mut bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let head = BoxHead::read(bytes)?;
        let size = if head.size_bytes == 0 { bytes.len() } else { usize::try_from(head.size_bytes).ok()? };
        let body = bytes.get(usize::try_from(head.head_bytes).ok()?..size)?;
        bytes = &bytes[size..];
        Some((head.kind, body))
    })
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four))
}

#[cfg(test)]
mod tests;
