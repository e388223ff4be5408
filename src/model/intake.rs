//! What becomes of files that were chosen or dropped: one video, voices, a mask, and those that are not taken, with why.

use contract::{UploadKind, UploadLimits};

use super::media::has_video_ending;
use super::words;

/// The endings of voices that a browser may have no type for.
const VOICE_ENDINGS: [&str; 8] = ["mp3", "wav", "m4a", "aac", "ogg", "oga", "opus", "flac"];

/// A file as it was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// Its name.
    pub name: String,
    /// Its type, as the browser guesses it from the name; may be empty.
    pub mime: String,
    /// Its size.
    pub bytes: u64,
}

/// Which of the chosen files is for what, by their places among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sorted {
    /// The video.
    pub video: Option<usize>,
    /// The voices.
    pub voices: Vec<usize>,
    /// The mask.
    pub mask: Option<usize>,
    /// Why the others are not taken, one sentence each.
    pub refused: Vec<String>,
}

/// What a file seems to be, by its type or else its name. What it is, the server finds out.
fn kind_of(file: &Chosen, wanted: Option<UploadKind>) -> Option<UploadKind> {
    let ending = file.name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_voice = || VOICE_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    match file.mime.split('/').next() {
        // A recorder's WebM is called a video whether it has a picture or not.
        Some("video") if wanted == Some(UploadKind::Audio) && file.mime.ends_with("/webm") => wanted,
        Some("audio") => Some(UploadKind::Audio),
        Some("video") => Some(UploadKind::Video),
        Some("image") => Some(UploadKind::Image),
        _ if is_voice() => Some(UploadKind::Audio),
        _ if has_video_ending(&file.name) => Some(UploadKind::Video),
        _ => None,
    }
}

/// Sorts what was dropped, or chosen for what is `wanted`. There is `room` for so many files more.
pub fn sort(files: &[Chosen], wanted: Option<UploadKind>, limits: UploadLimits, room: usize) -> Sorted {
    let mut sorted = Sorted::default();
    let (mut left, mut over) = (room, Vec::new());
    for (nth, file) in files.iter().enumerate() {
        let kind = kind_of(file, wanted);
        let is_second = kind == Some(UploadKind::Video) && sorted.video.is_some();
        let second = || is_second.then(|| "a dub is made of one video, and the first was taken".to_owned());
        if let Some(why) = refusal(file, kind, wanted, limits.max_bytes).or_else(second) {
            sorted.refused.push([&file.name, ": ", &why, "."].concat());
        } else if left == 0 {
            over.push(file.name.as_str());
        } else {
            left -= 1;
            match kind {
                Some(UploadKind::Video) => sorted.video = Some(nth),
                Some(UploadKind::Image) => sorted.mask = Some(nth),
                _ => sorted.voices.push(nth),
            }
        }
    }
    if !over.is_empty() {
        let most = limits.max_files.to_string();
        sorted.refused.push([&over.join(", "), ": no more than ", &most, " files fit here at once."].concat());
    }
    sorted
}

fn refusal(file: &Chosen, kind: Option<UploadKind>, wanted: Option<UploadKind>, max_bytes: u64) -> Option<String> {
    let why = match (kind, wanted) {
        _ if file.bytes == 0 => "this file is empty",
        _ if file.bytes > max_bytes => {
            let (has, fits) = (words::bytes(file.bytes), words::bytes(max_bytes));
            let reach = " can be handed on to the dubbing service. A shorter or smaller one would do";
            return Some(["it has ", &has, ", and no more than ", &fits, reach].concat());
        }
        (Some(kind), Some(wanted)) if kind == wanted => return None,
        (_, Some(UploadKind::Video)) => "this is no video. MP4, MOV or WebM would do",
        (_, Some(UploadKind::Audio)) => "this is no voice. MP3, WAV or M4A would do",
        (_, Some(UploadKind::Image)) => "this is no picture. A PNG would do",
        (Some(UploadKind::Image), None) => "a picture can only say who speaks, and is chosen under Settings",
        (Some(_), None) => return None,
        (None, None) => "this is neither a video nor a voice",
    };
    Some(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: UploadLimits =
        UploadLimits { max_bytes: 100_000_000, max_files: 20, max_total_bytes: 0, max_mask_pixels: 0 };

    fn file(name: &str, mime: &str) -> Chosen {
        Chosen { name: name.into(), mime: mime.into(), bytes: 1_000 }
    }

    #[test]
    fn dropped_files_are_sorted_by_type_and_the_first_video_is_taken() {
        let files = [
            file("promo_es.mp3", "audio/mpeg"),
            file("founder.mp4", "video/mp4"),
            file("other.mov", "video/quicktime"),
            file("notes.pdf", "application/pdf"),
            file("face.png", "image/png"),
            file("promo_de.flac", ""),
        ];
        let sorted = sort(&files, None, LIMITS, 20);
        assert_eq!((sorted.video, sorted.voices, sorted.mask), (Some(1), vec![0, 5], None));
        let refused = [
            "other.mov: a dub is made of one video, and the first was taken.",
            "notes.pdf: this is neither a video nor a voice.",
            "face.png: a picture can only say who speaks, and is chosen under Settings.",
        ];
        assert_eq!(sorted.refused, refused);
    }

    #[test]
    fn what_is_chosen_in_a_card_must_be_for_that_card() {
        let one = |name, mime, wanted| sort(&[file(name, mime)], Some(wanted), LIMITS, 1);
        assert_eq!(one("a.mkv", "", UploadKind::Video).video, Some(0));
        assert_eq!(one("a.webm", "video/webm", UploadKind::Audio).voices, [0]);
        assert_eq!(one("a.png", "image/png", UploadKind::Image).mask, Some(0));
        for (name, mime, wanted) in [
            ("photo.png", "image/png", UploadKind::Video),
            ("song.mp3", "audio/mpeg", UploadKind::Video),
            ("clip.mp4", "video/mp4", UploadKind::Audio),
            ("clip.mp4", "video/mp4", UploadKind::Image),
        ] {
            assert_eq!(one(name, mime, wanted).refused.len(), 1, "{name}");
        }
    }

    #[test]
    fn empty_and_too_large_files_are_refused_at_once_with_what_would_do() {
        let sized = |bytes| [Chosen { bytes, ..file("a.mp4", "video/mp4") }];
        assert_eq!(sort(&sized(0), None, LIMITS, 1).refused, ["a.mp4: this file is empty."]);
        let large = sort(&sized(250_000_000), None, LIMITS, 1).refused;
        assert_eq!(
            large,
            [
                "a.mp4: it has 250 MB, and no more than 100 MB can be handed on to the dubbing service. A shorter or smaller one would do."
            ]
        );
        assert_eq!(sort(&sized(100_000_000), None, LIMITS, 1).video, Some(0));
    }

    #[test]
    fn fifty_files_fill_the_room_there_is_and_the_others_are_named() {
        let files: Vec<Chosen> = (1..=50).map(|nth| file(&format!("v{nth}.mp3"), "audio/mpeg")).collect();
        let sorted = sort(&files, None, LIMITS, 20);
        assert_eq!((sorted.voices.len(), sorted.refused.len()), (20, 1));
        assert!(sorted.refused[0].starts_with("v21.mp3, v22.mp3,"), "{}", sorted.refused[0]);
    }
}
