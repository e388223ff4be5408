//! What a file may be, by its first bytes. Only what is listed here is taken; whatever else it is, is named where it can
//! be, so that its owner sees what went wrong.

use contract::UploadKind::{self, Audio, Image, Video};
use infer::MatcherType;

use super::look::Refusal;

/// How many bytes are enough to tell. Fewer do for a file that has no more.
pub(super) const HEAD_BYTES: usize = 512;

/// A family of files, as its first bytes tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// MP4, MOV or M4A.
    Mp4,
    /// Matroska or WebM.
    Matroska,
    Avi,
    /// An MPEG program stream.
    Mpeg,
    Mp3,
    /// AAC in ADTS frames.
    Adts,
    Wav,
    Flac,
    Ogg,
    Png,
}

impl Family {
    /// What such a file can be used for, as far as its first bytes tell.
    pub(super) fn kinds(self) -> &'static [UploadKind] {
        match self {
            Self::Mp4 | Self::Matroska => &[Video, Audio],
            Self::Avi | Self::Mpeg => &[Video],
            Self::Mp3 | Self::Adts | Self::Wav | Self::Flac | Self::Ogg => &[Audio],
            Self::Png => &[Image],
        }
    }
}

/// Tells a file's family by its first bytes, and whether it can be of the kind that its owner `declared`.
pub(super) fn sniff(head: &[u8], declared: Option<UploadKind>) -> Result<Family, Refusal> {
    let Some(family) = family(head) else { return Err(Refusal::not_taken(describe(head, declared))) };
    match declared {
        Some(kind) if !family.kinds().contains(&kind) => Err(wrong_kind(kind, family.kinds()[0])),
        _ => Ok(family),
    }
}

/// The refusal of a file that is `found` where one of the kind `declared` was announced.
pub(super) fn wrong_kind(declared: UploadKind, found: UploadKind) -> Refusal {
    let found = match found {
        Video => "a video",
        Audio => "sound without a picture",
        Image => "a still image",
    };
    let wanted = match declared {
        Video => "a video",
        Audio => "a voice, without a picture",
        Image => "a mask as PNG",
    };
    Refusal::not_taken(format!("This file is {found}; what is needed here is {wanted}."))
}

fn family(head: &[u8]) -> Option<Family> {
    let at = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(magic));
    let is_frame = |mask: u8, sync: u8| matches!(head, [0xff, second, ..] if second & mask == sync);
    if at(4, b"ftyp") {
        // The same boxes hold still images.
        let is_image = [b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1"].iter().any(|brand| at(8, *brand));
        return (!is_image).then_some(Family::Mp4);
    }
    // QuickTime files from before `ftyp`.
    if [b"moov", b"mdat", b"wide", b"free", b"skip"].iter().any(|name| at(4, *name)) {
        return Some(Family::Mp4);
    }
    match () {
        () if at(0, b"\x1a\x45\xdf\xa3") => Some(Family::Matroska),
        () if at(0, b"RIFF") && at(8, b"AVI ") => Some(Family::Avi),
        () if at(0, b"RIFF") && at(8, b"WAVE") => Some(Family::Wav),
        () if at(0, b"\0\0\x01\xba") || at(0, b"\0\0\x01\xb3") => Some(Family::Mpeg),
        () if at(0, b"fLaC") => Some(Family::Flac),
        () if at(0, b"OggS") => Some(Family::Ogg),
        () if at(0, b"\x89PNG\r\n\x1a\n") => Some(Family::Png),
        // Layer bits 00 stand for AAC, 01 for layer III, in MPEG's frame headers.
        () if is_frame(0xf6, 0xf0) => Some(Family::Adts),
        () if at(0, b"ID3") || is_frame(0xe6, 0xe2) => Some(Family::Mp3),
        () => None,
    }
}

/// What it is instead, and what would do.
fn describe(head: &[u8], declared: Option<UploadKind>) -> String {
    let taken = match declared {
        Some(Video) => "A video is MP4, MOV, WebM, MKV, AVI or MPEG.",
        Some(Audio) => "A voice is MP3, WAV, M4A, AAC, OGG, FLAC or WebM.",
        Some(Image) => "A mask is PNG.",
        None => "Videos are MP4, MOV, WebM, MKV, AVI or MPEG, voices MP3, WAV, M4A, AAC, OGG, FLAC or WebM, masks PNG.",
    };
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_ascii_lowercase();
    let found = match infer::get(head) {
        _ if text.starts_with("#extm3u") || text.starts_with("ffconcat") || text.contains("<mpd") => {
            "a playlist: it only names other files".into()
        }
        _ if text.contains("<svg") => "an SVG drawing".into(),
        _ if text.contains("<!doctype html") || text.contains("<html") => "a web page".into(),
        Some(kind) => in_plain_words(kind),
        None => "no video, voice or mask that can be used".into(),
    };
    format!("This is {found}. {taken}")
}

/// What people call files of a type: by what they open them with, and by their ending.
fn in_plain_words(kind: infer::Type) -> String {
    let ending = kind.extension().to_uppercase();
    match kind.matcher_type() {
        _ if ending == "PDF" => "a PDF".into(),
        MatcherType::Image => format!("a picture ({ending})"),
        MatcherType::Audio => format!("a sound of a type that is not taken ({ending})"),
        MatcherType::Video => format!("a video of a type that is not taken ({ending})"),
        MatcherType::Archive => format!("an archive ({ending})"),
        MatcherType::App => "a program".into(),
        MatcherType::Book | MatcherType::Doc | MatcherType::Text => format!("a document ({ending})"),
        _ => format!("a file of another type ({ending})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_first_bytes() {
        let cases: [(&[u8], Family); 16] = [
            (b"\0\0\0\x18ftypmp42", Family::Mp4),
            (b"\0\0\0\x14ftypqt  ", Family::Mp4),
            (b"\0\0\0\x18ftypM4A ", Family::Mp4),
            (b"\0\0\0\x08wide\0\0", Family::Mp4),
            (b"\x1a\x45\xdf\xa3\x9fB\x86", Family::Matroska),
            (b"RIFF\x01\x02\x03\x04AVI LIST", Family::Avi),
            (b"RIFF\x01\x02\x03\x04WAVEfmt ", Family::Wav),
            (b"\0\0\x01\xba!", Family::Mpeg),
            (b"ID3\x04\0", Family::Mp3),
            (b"\xff\xfb\x90\x64", Family::Mp3),
            (b"\xff\xf3\x40\xc4", Family::Mp3),
            (b"\xff\xf1\x50\x80", Family::Adts),
            (b"\xff\xf9\x50\x80", Family::Adts),
            (b"fLaC\0", Family::Flac),
            (b"OggS\0", Family::Ogg),
            (b"\x89PNG\r\n\x1a\n\0", Family::Png),
        ];
        for (head, expected) in cases {
            assert_eq!(sniff(head, None).ok(), Some(expected), "{head:?}");
        }
    }

    #[test]
    fn what_is_something_else_is_refused_and_named() {
        for (head, word) in [
            (&b"<!DOCTYPE html><html>"[..], "web page"),
            (b"\xef\xbb\xbf \n<html lang=en>", "web page"),
            (b"<?xml version=\"1.0\"?><svg xmlns=", "SVG"),
            (b"<svg onload=alert(1)>", "SVG"),
            (b"#EXTM3U\n#EXT-X-VERSION:3\nhttp://127.0.0.1/", "playlist"),
            (b"<?xml version=\"1.0\"?>\n<MPD xmlns=", "playlist"),
            (b"ffconcat version 1.0\nfile http://", "playlist"),
            (b"%PDF-1.7\n", "is a PDF."),
            (b"\0\0\0\x1cftypheic\0\0\0\0mif1heic", "no video"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "a picture (JPG)"),
            (b"PK\x03\x04aaaa", "an archive (ZIP)"),
            (b"hello", "no video"),
            (b"", "no video"),
            (b"\xff", "no video"),
        ] {
            let refused = sniff(head, None).expect_err("not taken");
            assert!(matches!(&refused, Refusal::NotTaken(why) if why.contains(word)), "{word}: {refused:?}");
        }
    }

    #[test]
    fn what_would_do_is_told_for_what_was_wanted() {
        let words = |declared| match sniff(b"%PDF-1.7\n", declared) {
            Err(Refusal::NotTaken(why)) => why,
            other => panic!("{other:?}"),
        };
        assert_eq!(words(Some(Audio)), "This is a PDF. A voice is MP3, WAV, M4A, AAC, OGG, FLAC or WebM.");
        assert_eq!(words(Some(Image)), "This is a PDF. A mask is PNG.");
        assert!(words(None).contains("voices MP3"), "{}", words(None));
    }

    #[test]
    fn what_cannot_be_of_the_declared_kind_is_refused_at_once() {
        for (head, declared) in
            [(&b"\x89PNG\r\n\x1a\n"[..], Video), (b"ID3\x04", Video), (b"RIFF\0\0\0\0AVI ", Audio), (b"fLaC", Image)]
        {
            assert!(matches!(sniff(head, Some(declared)), Err(Refusal::NotTaken(_))), "{declared:?}");
        }
        assert!(sniff(b"\x1a\x45\xdf\xa3", Some(Audio)).is_ok());
        assert!(sniff(b"\0\0\0\x18ftypmp42", Some(Audio)).is_ok());
    }
}
