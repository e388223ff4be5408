//! What a look into all of a file tells, and what may go wrong with one like it.

use std::ops::RangeInclusive;

use crate::model::look::{Facts, LookError, VideoFacts, VoiceFacts};

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
        let hundredths = (100 + rest).to_string();
        let (point, rest) = if rest == 0 { ("", "") } else { (".", hundredths.get(1..).unwrap_or_default()) };
        Some([&whole.to_string(), point, rest, "\u{a0}fps"].concat())
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

#[cfg(test)]
mod tests {
    use super::*;

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
}
