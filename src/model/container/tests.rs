use super::*;

fn boxed(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap();
    [size.to_be_bytes().as_slice(), &kind, body].concat()
}

fn words(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_be_bytes()).collect()
}

fn track(handler: [u8; 4], units_per_second: u32, lengths: &[u32]) -> Vec<u8> {
    let head = boxed(*b"mdhd", &words(&[0, 0, 0, units_per_second, 0, 0]));
    let handler = boxed(*b"hdlr", &[words(&[0, 0]).as_slice(), &handler, &words(&[0, 0, 0])].concat());
    let entries = u32::try_from(lengths.len() / 2).unwrap();
    let table = boxed(*b"stts", &[words(&[0, entries]), words(lengths)].concat());
    let inner = boxed(*b"minf", &boxed(*b"stbl", &table));
    boxed(*b"trak", &[boxed(*b"tkhd", &[0; 84]), boxed(*b"mdia", &[head, handler, inner].concat())].concat())
}

#[test]
fn tracks_are_told_with_the_rate_of_the_picture() {
    let moov = [
        boxed(*b"mvhd", &[0; 100]),
        track(*b"soun", 48_000, &[100, 1_024]),
        track(*b"vide", 30_000, &[299, 1_001, 1, 1_001]),
    ];
    let tracks = Tracks::read(&moov.concat());
    assert!(tracks.has_picture && tracks.has_sound);
    assert!((tracks.fps.unwrap() - 29.97).abs() < 0.001);
}

#[test]
fn a_varying_rate_is_its_middle_and_a_missing_table_is_none() {
    assert_eq!(Tracks::read(&track(*b"vide", 600, &[10, 20, 10, 40])).fps, Some(20.0));
    assert_eq!(Tracks::read(&track(*b"vide", 600, &[])).fps, None);
    assert!(!Tracks::read(&track(*b"vide", 600, &[])).has_sound);
}

#[test]
fn nonsense_is_no_track_and_no_panic() {
    let whole = track(*b"vide", 600, &[10, 20]);
    for end in 0..whole.len() {
        Tracks::read(&whole[..end]);
        BoxHead::read(&whole[..end]);
        declared_bytes(&whole[..end]);
    }
    assert_eq!(Tracks::read(&[0; 64]), Tracks::default());
}

#[test]
fn a_box_tells_its_length_also_when_it_is_large() {
    let large = [words(&[1]), b"mdat".to_vec(), 5_000_000_000_u64.to_be_bytes().to_vec()].concat();
    let head = BoxHead::read(&large).unwrap();
    assert_eq!((head.head_bytes, head.size_bytes, head.is_first()), (16, 5_000_000_000, true));
    assert_eq!(BoxHead::read(&[0, 0, 0, 3, b'm', b'd', b'a', b't']), None);
    assert!(!BoxHead::read(b"ID3\x03\0\0\0\0\0\0").unwrap().is_first());
}

#[test]
fn wav_and_webm_say_how_long_they_are() {
    assert_eq!(declared_bytes(b"RIFF\x24\x10\x00\x00WAVE"), Some(0x102C));
    assert_eq!(declared_bytes(b"RIFF\xFF\xFF\xFF\xFFWAVE"), None);
    let webm = |size: &[u8]| [&[0x1A, 0x45, 0xDF, 0xA3, 0x82, 9, 9, 0x18, 0x53, 0x80, 0x67], size].concat();
    assert_eq!(declared_bytes(&webm(&[0x01, 0, 0, 0, 0, 1, 0, 0])), Some(65_536 + 19));
    assert_eq!(declared_bytes(&webm(&[0x01, 255, 255, 255, 255, 255, 255, 255])), None);
    assert_eq!(declared_bytes(b"%PDF-1.7 and more"), None);
}
