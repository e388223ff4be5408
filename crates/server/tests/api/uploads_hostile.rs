//! Voices whose tags are made to cost memory: what they cost is measured on the program itself.

use crate::{
    tus::VOICE,
    uploads_mask::{peak_kib, server, visitor},
};

/// So much of a file is tags.
const TAG_BYTES: usize = 15 << 20;
/// How much memory may be taken while they are skipped.
const MOST_KIB: u64 = 64 * 1024;

/// Comments as FLAC and Ogg have them (Vorbis I, section 5), each as short as can be.
fn comments() -> Vec<u8> {
    let count = TAG_BYTES / 6;
    let mut bytes = [0, 0, 0, 0].to_vec();
    bytes.extend(u32::try_from(count).unwrap().to_le_bytes());
    bytes.extend(b"\x02\0\0\0a=".repeat(count));
    bytes
}

fn flac() -> Vec<u8> {
    let mut bytes = b"fLaC\0\0\0\x22".to_vec();
    bytes.extend(b"\x10\0\x10\0\0\0\0\0\0\0\x0a\xc4\x40\xf0\0\0\0\0");
    bytes.extend([0; 16]);
    let comments = comments();
    bytes.push(0x84);
    bytes.extend(&u32::try_from(comments.len()).unwrap().to_be_bytes()[1..]);
    bytes.extend(comments);
    bytes
}

fn mp3() -> Vec<u8> {
    let frames = b"TXXX\0\0\0\x04\0\0\0a\0b".repeat(TAG_BYTES / 14);
    let mut bytes = b"ID3\x04\0\0".to_vec();
    bytes.extend([21, 14, 7, 0].map(|shift| u8::try_from(frames.len() >> shift & 0x7f).unwrap()));
    bytes.extend(frames);
    bytes.extend(VOICE);
    bytes
}

/// Pages of Ogg (RFC 3533), with right checksums: a start of Vorbis, then comments.
fn ogg() -> Vec<u8> {
    let mut start = b"\x01vorbis\0\0\0\0\x01\x80\xbb\0\0".to_vec();
    start.extend([0; 12]);
    start.extend(b"\xb8\x01");
    let mut bytes = page(2, 0, &start, &[30]);
    let comments = [b"\x03vorbis".as_slice(), &comments()].concat();
    for (number, piece) in (1..).zip(comments.chunks_exact(255 * 255)) {
        bytes.extend(page(u8::from(number > 1), number, piece, &[255; 255]));
    }
    bytes
}

fn page(flags: u8, number: u32, data: &[u8], lacing: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(flags);
    page.extend([0; 8]);
    page.extend(b"\x01\0\0\0");
    page.extend(number.to_le_bytes());
    page.extend([0; 4]);
    page.push(u8::try_from(lacing.len()).unwrap());
    page.extend(lacing);
    page.extend(data);
    let crc = page.iter().fold(0_u32, |crc, byte| {
        (0..8)
            .fold(crc ^ u32::from(*byte) << 24, |crc, _| if crc >> 31 == 1 { crc << 1 ^ 0x04c1_1db7 } else { crc << 1 })
    });
    page[22..26].copy_from_slice(&crc.to_le_bytes());
    page
}

/// An element of Matroska, with its length in eight bytes.
fn element(id: &[u8], data: &[u8]) -> Vec<u8> {
    let mut length = (data.len() as u64).to_be_bytes();
    length[0] = 1;
    [id, &length, data].concat()
}

/// A recording as browsers make it, with tags in front of its first cluster.
fn matroska() -> Vec<u8> {
    let tag = b"\x67\xc8\x84\x45\xa3\x81a".repeat(TAG_BYTES / 7);
    let tags = element(b"\x12\x54\xc3\x67", &element(b"\x73\x73", &tag));
    let mut ffmpeg = std::process::Command::new("ffmpeg");
    ffmpeg.args("-v error -f lavfi -i sine=d=1 -c:a libopus -f webm -live 1 -".split(' '));
    let mut bytes = ffmpeg.output().unwrap().stdout;
    let cluster = bytes.windows(4).position(|window| window == b"\x1f\x43\xb6\x75").unwrap();
    bytes.splice(cluster..cluster, tags);
    bytes
}

#[tokio::test]
async fn a_voice_of_nothing_but_tags_costs_little_memory() {
    let mut costs = Vec::new();
    for (name, bytes, word) in [
        ("a.flac", flac(), "damaged"),
        ("a.mp3", mp3(), ""),
        ("a.ogg", ogg(), "too long"),
        ("a.webm", matroska(), "too long"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let (child, base) = server(folder.path()).await;
        let visitor = visitor(base);
        let path = visitor.begin("audio", name, bytes.len()).await;
        let (most, last) = bytes.split_at(bytes.len() - 1);
        assert_eq!(visitor.patch(&path, 0, most).await.status, 204);
        let before = peak_kib(&child);
        let answer = visitor.patch(&path, most.len(), last).await;
        assert_eq!(answer.status, if word.is_empty() { 204 } else { 422 }, "{name}: {}", answer.text());
        assert!(answer.text().contains(word), "{name}: {}", answer.text());
        costs.push((name, peak_kib(&child) - before));
    }
    assert!(costs.iter().all(|(_, kib)| *kib < MOST_KIB), "KiB: {costs:?}");
}
