//! Half a second of voice: what is dubbed is of no matter here, and short is soon rendered.

/// PCM, 16 kHz, mono, 16 bits, in a WAVE file.
pub fn tone() -> Vec<u8> {
    const RATE: u32 = 16_000;
    const BYTES: u32 = RATE;
    let samples = (0..RATE / 2).flat_map(|n| (if n / 20 % 2 == 0 { 6_000_i16 } else { -6_000 }).to_le_bytes());
    let mut wav = b"RIFF".to_vec();
    wav.extend((BYTES + 36).to_le_bytes());
    wav.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    wav.extend(b"\x02\0\x10\0data");
    wav.extend(BYTES.to_le_bytes());
    wav.extend(samples);
    wav
}
