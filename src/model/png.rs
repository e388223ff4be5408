//! PNG files of masks: one byte a pixel, white or black, without a grey between (W3C PNG, third edition; RFC 1950, 1951).
//!
//! Written here and not by a canvas: some browsers change what is read from a canvas a little, against fingerprints, and
//! the model takes every grey for white.

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n'];
/// What a row is written as: its difference from the one above, mostly none.
const UP: u8 = 2;

/// Width and height of a PNG file, by its first bytes; nothing for any other file.
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = bytes.strip_prefix(&SIGNATURE)?.get(4..16)?.strip_prefix(b"IHDR")?;
    let number = |at: usize| head.get(at..)?.first_chunk().map(|four| u32::from_be_bytes(*four));
    Some((number(0)?, number(4)?)).filter(|(width, height)| *width > 0 && *height > 0)
}

/// As many bytes of a file as [`size`] needs.
pub const SIZE_BYTES: u64 = 24;

/// A file of these pixels, row by row.
pub fn file(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let mut rows = Vec::with_capacity(pixels.len() + height as usize);
    let mut above: &[u8] = &[];
    for row in pixels.chunks_exact(width.max(1) as usize) {
        rows.push(UP);
        rows.extend(row.iter().enumerate().map(|(at, pixel)| pixel.wrapping_sub(above.get(at).copied().unwrap_or(0))));
        above = row;
    }
    let mut head = [width.to_be_bytes(), height.to_be_bytes()].concat();
    head.extend([8, 0, 0, 0, 0]); // 8 bits of grey
    let mut file = SIGNATURE.to_vec();
    for (kind, body) in [(b"IHDR", head), (b"IDAT", zlib(&rows)), (b"IEND", Vec::new())] {
        file.extend(u32::try_from(body.len()).unwrap_or(0).to_be_bytes());
        file.extend(kind);
        file.extend(&body);
        file.extend(crc(kind.iter().chain(&body)).to_be_bytes());
    }
    file
}

fn crc<'a>(bytes: impl Iterator<Item = &'a u8>) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    let all = bytes.fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)));
    !all
}

/// Packs bytes that mostly repeat the one before: the only repetition that is looked for.
fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut bits = Bits { packed: vec![0x78, 0x01], open: 0, count: 0 };
    bits.low_first(0b011, 3); // the last block, with the fixed codes
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        let again = bytes[at + 1..].iter().take(LONGEST).take_while(|next| **next == byte).count();
        bits.literal(byte);
        at += 1;
        if again >= SHORTEST {
            bits.repeat(again);
            at += again;
        }
    }
    bits.high_first(0, 7); // the end of the block
    bits.low_first(0, 7); // fills the last byte
    let (mut one, mut two) = (1_u32, 0_u32);
    for byte in bytes {
        one = (one + u32::from(*byte)) % 65_521;
        two = (two + one) % 65_521;
    }
    bits.packed.extend((two << 16 | one).to_be_bytes());
    bits.packed
}

const SHORTEST: usize = 3;
const LONGEST: usize = 258;

/// What the codes from 257 on begin with: a repetition of at least this many, and so many bits for how many more.
const REPEATS: [(usize, u32); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];

struct Bits {
    packed: Vec<u8>,
    open: u32,
    count: u32,
}

impl Bits {
    fn low_first(&mut self, value: u32, count: u32) {
        self.open |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.packed.push(self.open.to_le_bytes()[0]);
            self.open >>= 8;
            self.count -= 8;
        }
    }

    fn high_first(&mut self, value: u32, count: u32) {
        self.low_first(value.reverse_bits() >> (32 - count), count);
    }

    fn literal(&mut self, byte: u8) {
        match u32::from(byte) {
            byte @ ..144 => self.high_first(0x30 + byte, 8),
            byte => self.high_first(0x190 + byte - 144, 9),
        }
    }

    /// The byte before, `count` times more.
    fn repeat(&mut self, count: usize) {
        let code = REPEATS.iter().rposition(|(least, _)| *least <= count).unwrap_or(0);
        let (least, more_bits) = REPEATS[code];
        let (code, more) = (u32::try_from(code).unwrap_or(0) + 257, u32::try_from(count - least).unwrap_or(0));
        match code {
            ..280 => self.high_first(code - 256, 7),
            _ => self.high_first(0xC0 + code - 280, 8),
        }
        self.low_first(more, more_bits);
        self.high_first(0, 5); // from one byte back
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_bytes_are_unpacked_as_they_were() {
        let mut bytes: Vec<u8> = (0..=255).collect();
        for count in 1..600_u16 {
            bytes.extend(vec![if count % 2 == 0 { 255 } else { 0 }; count.into()]);
        }
        for sample in [&bytes[..], &[], &[7], &[0; 258], &[0; 259], &[255; 260], &[1; 10_000]] {
            assert_eq!(miniz_oxide::inflate::decompress_to_vec_zlib(&zlib(sample)).unwrap(), sample);
        }
    }

    #[test]
    fn a_file_is_small_and_tells_its_size() {
        let pixels: Vec<u8> = (0..1_080 * 1_920).map(|at| if at % 1_920 < 700 { 255 } else { 0 }).collect();
        let file = file(1_920, 1_080, &pixels);
        assert!(file.len() < 30_000, "{}", file.len());
        assert_eq!(size(&file[..usize::try_from(SIZE_BYTES).unwrap()]), Some((1_920, 1_080)));
    }

    #[test]
    fn the_check_sums_are_those_of_the_standard() {
        assert_eq!(crc(b"123456789".iter()), 0xCBF4_3926);
        assert_eq!(file(1, 1, &[0])[37..41], *b"IDAT");
    }

    #[test]
    fn another_file_has_no_size() {
        for bytes in [b"\xFF\xD8\xFF\xE0 JFIF and more and more".as_slice(), b"", &SIGNATURE] {
            assert_eq!(size(bytes), None);
        }
    }
}
