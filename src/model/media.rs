//! What a link and the head of the file behind it tell. What only all of it tells is [`Inside`].

mod inside;

pub use inside::Inside;

use super::source::Source;

/// The endings by which the model knows a video's type.
const VIDEO_ENDINGS: [&str; 6] = ["mp4", "mov", "webm", "mkv", "avi", "mpeg"];

/// The longest that the model takes.
const LONGEST_MS: i64 = 600_000;

/// Codes that people put into file names, and what the language calls itself.
const LANGUAGES: [(&str, &str); 14] = [
    ("ar", "العربية"),
    ("de", "Deutsch"),
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("hi", "हिन्दी"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("tr", "Türkçe"),
    ("zh", "中文"),
];

/// What the page has learnt of a linked file by loading its head.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Probe {
    /// Nothing yet.
    #[default]
    Loading,
    /// It could not be loaded here; the provider may still manage.
    Closed,
    /// Its length and, of a picture, its size in pixels.
    Open {
        /// The length; `None` where the file does not say.
        duration_ms: Option<i64>,
        /// Width and height; `None` for a voice.
        size: Option<(u32, u32)>,
    },
}

impl Probe {
    /// The picture's size, once known.
    pub fn size(self) -> Option<(u32, u32)> {
        match self {
            Self::Open { size, .. } => size,
            _ => None,
        }
    }

    /// The same with this length, where the element could not tell one: a browser's own recordings say it at their end.
    #[must_use]
    pub fn or_as_long_as(self, length_ms: Option<i64>) -> Self {
        match self {
            Self::Open { duration_ms, size } => Self::Open { duration_ms: duration_ms.or(length_ms), size },
            _ => self,
        }
    }

    /// The length, once known.
    pub fn duration_ms(self) -> Option<i64> {
        match self {
            Self::Open { duration_ms, .. } => duration_ms,
            _ => None,
        }
    }
}

/// The path of a link without its query.
fn path(link: &str) -> &str {
    let end = link.find(['?', '#']).unwrap_or(link.len());
    link.get(..end).unwrap_or(link)
}

/// The last segment of a link's path, or its host where there is none.
pub fn file_name(link: &str) -> &str {
    path(link).rsplit('/').find(|segment| !segment.is_empty()).unwrap_or(link)
}

/// Whether the model can tell the video's type by this link.
pub fn has_video_ending(link: &str) -> bool {
    let ending = file_name(link).rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| VIDEO_ENDINGS.iter().any(|taken| ending.eq_ignore_ascii_case(taken)))
}

/// The language that a voice's file name speaks of, or nothing: `promo_es.mp3` is Español.
pub fn guess_language(link: &str) -> &'static str {
    let name = file_name(link);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut words = stem.rsplit(['_', '-', '.', ' ']);
    let code = words.find_map(|word| LANGUAGES.iter().find(|(code, _)| word.eq_ignore_ascii_case(code)));
    code.map_or("", |(_, language)| language)
}

/// Whether a link leads to a page about a video, as those of `YouTube` do: it does not end like a file, and nothing plays.
pub fn is_page(video: &Source, probe: Probe) -> bool {
    matches!((video, probe), (Source::Link(link), Probe::Closed) if !has_video_ending(link))
}

/// What may go wrong with a video, and what would do.
pub fn video_doubts(video: &Source, probe: Probe) -> Vec<&'static str> {
    let is_link = video.file().is_none();
    let mut doubts = Vec::new();
    match probe {
        _ if is_page(video, probe) => doubts.push(
            "This link leads to a page, not to a video file. Paste the file's own link, which mostly ends in .mp4, or choose the file.",
        ),
        Probe::Open { .. } if matches!(video, Source::Link(link) if !has_video_ending(link)) => doubts
            .push("This link does not end in .mp4, .mov, .webm, .mkv, .avi or .mpeg. Its type may not be recognised."),
        _ => {}
    }
    match probe {
        Probe::Open { size: None, .. } => {
            doubts.push("This browser finds no picture in it. If there should be one, export it as MP4 with H.264.");
        }
        Probe::Open { duration_ms: Some(length_ms), .. } if length_ms > LONGEST_MS => {
            doubts.push("It is longer than 10 minutes, which is more than the model takes.");
        }
        Probe::Closed if !is_link => {
            doubts.push("This browser cannot show it: it may be cut off, or of another type than its name says.");
        }
        _ => {}
    }
    doubts
}

/// How many whole seconds the voice goes on after the picture has ended; up to half a second is none.
pub fn overhang_s(voice: Probe, video: Probe) -> Option<i64> {
    let over_ms = voice.duration_ms()? - video.duration_ms()?;
    (over_ms > 500).then_some((over_ms + 500) / 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_links_last_segment_is_its_name() {
        assert_eq!(file_name("https://a.example/x/founder.mp4?sig=1/2"), "founder.mp4");
        assert_eq!(file_name("https://a.example/"), "a.example");
    }

    #[test]
    fn the_six_endings_are_taken_in_any_case_and_before_a_query() {
        for link in ["https://a.example/x.MP4", "https://a.example/x.webm?y=1", "https://a.example/a.b.mov"] {
            assert!(has_video_ending(link), "{link}");
        }
        for link in ["https://a.example/x", "https://a.example/x.gif", "https://a.example/mp4", "https://a.mov/"] {
            assert_eq!(has_video_ending(link), link.ends_with("mov/"), "{link}");
        }
    }

    #[test]
    fn a_page_about_a_video_is_told_from_a_file_that_could_not_be_loaded() {
        let doubt = |link: &str, probe| video_doubts(&link.into(), probe).concat();
        for page in ["https://www.youtube.com/watch?v=x", "https://vimeo.com/76979871", "https://youtu.be/x"] {
            assert!(doubt(page, Probe::Closed).contains("leads to a page"), "{page}");
            assert_eq!(doubt(page, Probe::Loading), "");
        }
        assert_eq!(doubt("https://a.example/v.mp4", Probe::Closed), "");
        let open = Probe::Open { duration_ms: None, size: Some((640, 360)) };
        assert!(doubt("https://a.example/v", open).contains("does not end in"));
    }

    #[test]
    fn a_language_is_guessed_from_the_file_name_only() {
        assert_eq!(guess_language("https://es.example/promo_ES.mp3"), "Español");
        assert_eq!(guess_language("https://a.example/de-greeting.wav"), "Deutsch");
        assert_eq!(guess_language("https://es.example/voice.mp3"), "");
    }

    #[test]
    fn a_length_that_the_element_could_not_tell_is_learnt_from_inside() {
        let open = |duration_ms| Probe::Open { duration_ms, size: Some((640, 360)) };
        assert_eq!(open(None).or_as_long_as(Some(7_000)), open(Some(7_000)));
        assert_eq!(open(Some(8_000)).or_as_long_as(Some(7_000)), open(Some(8_000)));
        assert_eq!(Probe::Closed.or_as_long_as(Some(7_000)), Probe::Closed);
    }

    #[test]
    fn half_a_second_more_is_no_overhang() {
        let lasting = |duration_ms| Probe::Open { duration_ms: Some(duration_ms), size: None };
        assert_eq!(overhang_s(lasting(45_000), lasting(42_000)), Some(3));
        assert_eq!(overhang_s(lasting(42_500), lasting(42_000)), None);
        assert_eq!(overhang_s(lasting(1_000), Probe::Closed), None);
    }
}
