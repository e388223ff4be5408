//! What a link tells about the file behind it, before anything is loaded.

/// The endings by which the model knows a video's type.
const VIDEO_ENDINGS: [&str; 6] = ["mp4", "mov", "webm", "mkv", "avi", "mpeg"];

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
    &link[..end]
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
    fn a_language_is_guessed_from_the_file_name_only() {
        assert_eq!(guess_language("https://es.example/promo_ES.mp3"), "Español");
        assert_eq!(guess_language("https://a.example/de-greeting.wav"), "Deutsch");
        assert_eq!(guess_language("https://es.example/voice.mp3"), "");
    }

    #[test]
    fn half_a_second_more_is_no_overhang() {
        let lasting = |duration_ms| Probe::Open { duration_ms: Some(duration_ms), size: None };
        assert_eq!(overhang_s(lasting(45_000), lasting(42_000)), Some(3));
        assert_eq!(overhang_s(lasting(42_500), lasting(42_000)), None);
        assert_eq!(overhang_s(lasting(1_000), Probe::Closed), None);
    }
}
