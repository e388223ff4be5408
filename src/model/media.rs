//! What a link tells about the file behind it, before anything is loaded.

use std::ops::RangeInclusive;

use super::look::{Facts, LookError, VideoFacts, VoiceFacts};
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

/// What only a look into all of a file tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Inside {
    /// A video's frames in 100 seconds; whole, since writing a float weighs as much as a component.
    pub frames_per_100_s: Option<i64>,
    /// How loud a voice is in each of its parts, as the corners of a CSS polygon.
    pub wave: String,
    /// How long a voice is silent at its end; all of it, if it is silent throughout.
    pub silence_ms: i64,
    /// Whether nothing is to be heard in a voice.
    pub is_silent: bool,
    /// How long it is, where the whole of it tells.
    pub duration_ms: Option<i64>,
    /// Whether some of it cannot be read, though its head can.
    pub is_damaged: bool,
}

/// The frame rates that the model plays as they are.
const FRAMES_PER_100_S: RangeInclusive<i64> = 2_390..=3_010;
/// The longest silence at the end of a voice that does no harm.
const SILENCE_MS: i64 = 1_000;

/// Said of a file whose head says more than is there.
const DAMAGED: &str = "Some of this file cannot be read: it may have been cut off. Choose the whole of it.";

impl Inside {
    /// What was found inside; `None` where that cannot be known.
    pub fn of(found: Result<Facts, LookError>) -> Option<Self> {
        let inside = match found {
            #[expect(clippy::cast_possible_truncation, reason = "no video has so many frames")]
            Ok(Facts::Video(VideoFacts { fps, duration_ms, .. })) => {
                Self { frames_per_100_s: fps.map(|fps| (fps * 100.0).round() as i64), duration_ms, ..Self::default() }
            }
            Ok(Facts::Voice(VoiceFacts { duration_ms, sound: Some(sound) })) => Self {
                wave: wave(&sound.peaks),
                silence_ms: sound.trailing_silence_ms,
                is_silent: sound.is_silent,
                duration_ms,
                ..Self::default()
            },
            Ok(Facts::Voice(VoiceFacts { duration_ms, .. })) => Self { duration_ms, ..Self::default() },
            Err(LookError::NoSound) => Self { is_silent: true, ..Self::default() },
            Err(LookError::Unreadable) => Self { is_damaged: true, ..Self::default() },
            // What is empty or has no picture, its element has told; what is closed stays so.
            Err(_) => return None,
        };
        Some(inside)
    }

    /// A video's frames a second, as people write them.
    pub fn fps(&self) -> Option<String> {
        let (whole, rest) = self.frames_per_100_s.map(|frames| (frames / 100, frames % 100))?;
        let rest = if rest == 0 { String::new() } else { [".", &(100 + rest).to_string()[1..]].concat() };
        Some([&whole.to_string(), &rest, "\u{a0}fps"].concat())
    }

    /// What may go wrong with a video like this.
    pub fn video_doubt(&self) -> Option<&'static str> {
        if self.is_damaged {
            return Some(DAMAGED);
        }
        let is_off_speed = self.frames_per_100_s.is_some_and(|frames| !FRAMES_PER_100_S.contains(&frames));
        is_off_speed.then_some(
            "The model plays every video at 25 frames a second. This one will look slower or faster: export it with 25.",
        )
    }

    /// What may go wrong with a voice that sounds like this.
    pub fn voice_doubt(&self) -> Option<&'static str> {
        if self.is_damaged {
            return Some(DAMAGED);
        }
        if self.is_silent {
            return Some("Nothing is to be heard in this voice.");
        }
        (self.silence_ms > SILENCE_MS)
            .then_some("It is silent for more than a second at the end, where the face may shift. Cut that off.")
    }
}

/// The outline of a sound around its middle line: a CSS polygon, in whole percent.
#[expect(clippy::cast_possible_truncation, reason = "2 to 50")]
fn wave(peaks: &[f32]) -> String {
    let corner = |(nth, half): (usize, i64)| {
        [&(nth * 100 / peaks.len().max(1)).to_string(), "% ", &(50 + half).to_string(), "%,"].concat()
    };
    // A quiet voice is drawn as large as a loud one; what is next to nothing stays so.
    let loudest = peaks.iter().copied().fold(0.1, f32::max);
    let half = |peak: &f32| (peak / loudest * 48.0) as i64 + 2;
    let above = peaks.iter().map(|peak| -half(peak)).enumerate();
    let below = peaks.iter().map(half).enumerate().rev();
    let corners: String = above.chain(below).map(corner).collect();
    ["polygon(", corners.trim_end_matches(','), ")"].concat()
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
    fn a_wave_is_drawn_around_its_middle_and_silence_is_a_line() {
        assert_eq!(wave(&[0.5, 0.0]), "polygon(0% 0%,50% 48%,50% 52%,0% 100%)");
        assert_eq!(wave(&[0.01]), "polygon(0% 44%,0% 56%)");
    }

    #[test]
    fn silence_is_told_where_it_does_harm() {
        let voice = |silence_ms, is_silent| Inside { silence_ms, is_silent, ..Inside::default() };
        assert_eq!(voice(1_000, false).voice_doubt(), None);
        assert!(voice(1_200, false).voice_doubt().is_some_and(|doubt| doubt.contains("at the end")));
        assert!(voice(9_000, true).voice_doubt().is_some_and(|doubt| doubt.contains("Nothing")));
    }

    #[test]
    fn a_rate_that_the_model_does_not_play_as_it_is_is_told() {
        let video = |frames| Inside { frames_per_100_s: Some(frames), ..Inside::default() };
        let is_off = [2_398, 2_500, 3_000, 1_200, 6_000].map(|frames| video(frames).video_doubt().is_some());
        assert_eq!(is_off, [false, false, false, true, true]);
        assert_eq!(Inside::default().video_doubt(), None);
        let words = [2_398, 2_500, 2_997].map(|frames| video(frames).fps());
        assert_eq!(words, ["23.98\u{a0}fps", "25\u{a0}fps", "29.97\u{a0}fps"].map(|fps| Some(fps.to_owned())));
    }

    #[test]
    fn what_is_cut_off_is_told_though_its_head_is_whole() {
        let cut = Inside::of(Err(LookError::Unreadable)).expect("something is known");
        assert_eq!((cut.video_doubt(), cut.voice_doubt()), (Some(DAMAGED), Some(DAMAGED)));
        assert_eq!(Inside::of(Err(LookError::Closed)), None);
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
