//! WAV files of speech: mono, 16 bits.

/// As many bytes as the head of a file has.
pub const HEAD_BYTES: usize = 44;
/// How many bytes a sample has.
const SAMPLE_BYTES: u32 = 2;

/// The head of a file with this many samples: it tells the right length, which is what a reader believes.
pub fn head(samples: u32, samples_per_second: u32) -> [u8; HEAD_BYTES] {
    let body_bytes = samples * SAMPLE_BYTES;
    let parts: [&[u8]; 13] = [
        b"RIFF",
        &(body_bytes + 36).to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16_u32.to_le_bytes(),
        &1_u16.to_le_bytes(), // plain samples
        &1_u16.to_le_bytes(), // mono
        &samples_per_second.to_le_bytes(),
        &(samples_per_second * SAMPLE_BYTES).to_le_bytes(),
        &2_u16.to_le_bytes(),
        &16_u16.to_le_bytes(),
        b"data",
        &body_bytes.to_le_bytes(),
    ];
    let mut head = [0; HEAD_BYTES];
    for (byte, value) in head.iter_mut().zip(parts.iter().copied().flatten()) {
        *byte = *value;
    }
    head
}

/// A file's samples from those of a microphone, -1 to 1.
pub fn body(samples: &[f32]) -> Vec<u8> {
    #[expect(clippy::cast_possible_truncation, reason = "clamped to what fits")]
    let whole = |sample: &f32| (sample.clamp(-1.0, 1.0) * f32::from(i16::MAX)).round() as i16;
    samples.iter().flat_map(|sample| whole(sample).to_le_bytes()).collect()
}

/// How long this many samples last.
pub fn duration_ms(samples: u32, samples_per_second: u32) -> i64 {
    i64::from(samples) * 1_000 / i64::from(samples_per_second.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::container::declared_bytes;

    #[test]
    fn the_head_tells_the_length_of_the_whole_file() {
        let head = head(48_000, 48_000);
        assert_eq!(declared_bytes(&head), Some(44 + 96_000));
        assert_eq!(head[40..], 96_000_u32.to_le_bytes());
        assert_eq!((&head[8..16], head[22], head[34]), (b"WAVEfmt ".as_slice(), 1, 16));
    }

    #[test]
    fn ten_minutes_fit() {
        let samples = 600 * 48_000;
        assert_eq!((declared_bytes(&head(samples, 48_000)), duration_ms(samples, 48_000)), (Some(57_600_044), 600_000));
    }

    #[test]
    fn samples_are_rounded_and_what_is_too_loud_is_cut() {
        assert_eq!(body(&[0.0, 1.0, -1.0, 7.5]), [0, 0, 0xFF, 0x7F, 0x01, 0x80, 0xFF, 0x7F]);
    }
}
