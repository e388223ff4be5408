//! The course of a recording.

/// How long one may be.
pub const LIMIT_MS: i64 = 10 * 60_000;
/// The most samples that a second is kept with: ten minutes of them are 58 MB, and all that is to be heard in a voice is in.
const SAMPLES_PER_SECOND_MAX: u32 = 48_000;
/// How long nothing is heard before that is said.
pub const UNHEARD_MS: i64 = 4_000;
/// The level under which nothing is heard: -50 dB, root mean square.
pub const HEARD: f32 = 0.003;

/// Where a recording is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The browser asks the visitor for the microphone.
    Asking,
    /// There is no microphone to be had.
    Blocked(Block),
    /// It listens, and nothing is kept.
    Ready,
    /// What it hears is kept.
    Recording,
    /// It listens, and nothing is kept until it goes on.
    Paused,
    /// It is over and can be listened to.
    Done(End),
}

/// Why there is no microphone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// The visitor, or a rule of the browser's, said no.
    Refused,
    /// None is connected.
    Absent,
    /// Another program has it.
    Busy,
    /// The page came over a connection on which browsers give none.
    Insecure,
    /// Anything else.
    Unknown,
}

/// Why a recording is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It was stopped.
    Stopped,
    /// It is as long as one may be.
    Full,
    /// The microphone went away.
    Lost,
}

/// What happens to a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The microphone is asked for.
    MicrophoneAsked,
    /// It listens.
    MicrophoneOpened,
    /// It could not be had.
    MicrophoneBlocked(Block),
    /// It went away.
    MicrophoneLost,
    /// The button to record, to pause, to go on.
    MainPressed,
    /// The button to stop.
    StopPressed,
    /// All the time is used.
    LimitReached,
}

impl Phase {
    /// What follows. What does not belong to a phase changes nothing.
    #[must_use]
    pub fn step(self, event: Event) -> Self {
        let is_kept = matches!(self, Self::Recording | Self::Paused);
        match (self, event) {
            (_, Event::MicrophoneAsked) => Self::Asking,
            (Self::Asking, Event::MicrophoneOpened) => Self::Ready,
            (Self::Asking, Event::MicrophoneBlocked(block)) => Self::Blocked(block),
            (_, Event::MicrophoneLost) if is_kept => Self::Done(End::Lost),
            (Self::Ready, Event::MicrophoneLost) => Self::Blocked(Block::Absent),
            (Self::Ready | Self::Paused, Event::MainPressed) => Self::Recording,
            (Self::Recording, Event::MainPressed) => Self::Paused,
            (_, Event::StopPressed) if is_kept => Self::Done(End::Stopped),
            (Self::Recording, Event::LimitReached) => Self::Done(End::Full),
            _ => self,
        }
    }

    /// What a screen reader is told; the eye sees it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Asking => "The browser asks whether this page may use the microphone. Allow it to record.",
            Self::Blocked(block) => block.words().0,
            Self::Ready => "Ready. Speak, and see whether the level moves.",
            Self::Recording => "Recording",
            Self::Paused => "Paused",
            Self::Done(End::Stopped) => "Recorded. Listen to it, then keep it or record again.",
            Self::Done(End::Full) => "Recorded ten minutes, as much as a voice may have.",
            Self::Done(End::Lost) => "The microphone was disconnected. What it heard until then is here.",
        }
    }
}

impl Block {
    /// What is the matter, and what would do.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Refused => (
                "The microphone was refused",
                "This browser does not let the page use it. Allow it in the site's settings, beside the address, and try again.",
            ),
            Self::Absent => ("No microphone was found", "Connect one and try again, or choose a file instead."),
            Self::Busy => ("The microphone is in use", "Another program has it. Close that program and try again."),
            Self::Insecure => (
                "Recording is not possible here",
                "Browsers give the microphone to secure pages alone. Open this page by https, or choose a file instead.",
            ),
            Self::Unknown => {
                ("The microphone could not be opened", "Try again, choose another one, or choose a file instead.")
            }
        }
    }
}

/// How many of a microphone's samples become one: devices for studios give up to 192,000 a second.
pub fn one_of(samples_per_second: u32) -> u32 {
    samples_per_second.div_ceil(SAMPLES_PER_SECOND_MAX).max(1)
}

/// Fewer samples: of each `one_of`, their mean.
#[expect(clippy::cast_precision_loss, reason = "a few")]
pub fn thinned(samples: &[f32], one_of: u32) -> Vec<f32> {
    samples.chunks(one_of.max(1) as usize).map(|some| some.iter().sum::<f32>() / some.len() as f32).collect()
}

/// As many of these samples as still fit into the time, after so many.
pub fn fitting(samples: &[f32], after: u32, samples_per_second: u32) -> &[f32] {
    let most = LIMIT_MS / 1_000 * i64::from(samples_per_second);
    let left = usize::try_from(most - i64::from(after)).unwrap_or(0);
    &samples[..left.min(samples.len())]
}

/// How far a meter goes for a level, 0 to 100: in steps as the ear has them, down to -60 dB.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100")]
pub fn meter(level: f32) -> u32 {
    let decibels = 20.0 * level.max(1e-6).log10();
    ((decibels + 60.0) / 60.0 * 100.0).clamp(0.0, 100.0).round() as u32
}

/// The level of these samples, root mean square.
#[expect(clippy::cast_precision_loss, reason = "some hundred samples")]
pub fn level(samples: &[f32]) -> f32 {
    let squares: f32 = samples.iter().map(|sample| sample * sample).sum();
    (squares / samples.len().max(1) as f32).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What follows from the start, event by event.
    fn after(events: &[Event]) -> Phase {
        events.iter().fold(Phase::Asking, |phase, event| phase.step(*event))
    }

    use Event::{
        LimitReached, MainPressed, MicrophoneAsked, MicrophoneBlocked, MicrophoneLost, MicrophoneOpened, StopPressed,
    };

    #[test]
    fn a_recording_pauses_goes_on_ends_and_is_made_again() {
        let mut phase = Phase::Asking;
        for (event, next) in [
            (MicrophoneOpened, Phase::Ready),
            (MainPressed, Phase::Recording),
            (MainPressed, Phase::Paused),
            (MainPressed, Phase::Recording),
            (StopPressed, Phase::Done(End::Stopped)),
            (MainPressed, Phase::Done(End::Stopped)),
            (MicrophoneAsked, Phase::Asking),
            (MicrophoneOpened, Phase::Ready),
        ] {
            phase = phase.step(event);
            assert_eq!(phase, next, "{event:?}");
        }
    }

    #[test]
    fn a_lost_microphone_ends_a_recording_and_keeps_it() {
        assert_eq!(after(&[MicrophoneOpened, MainPressed, MicrophoneLost]), Phase::Done(End::Lost));
        assert_eq!(after(&[MicrophoneOpened, MainPressed, MainPressed, MicrophoneLost]), Phase::Done(End::Lost));
        assert_eq!(after(&[MicrophoneOpened, MicrophoneLost]), Phase::Blocked(Block::Absent));
        let done = [MicrophoneOpened, MainPressed, StopPressed, MicrophoneLost];
        assert_eq!(after(&done), Phase::Done(End::Stopped));
    }

    #[test]
    fn the_limit_ends_only_what_is_running() {
        assert_eq!(after(&[MicrophoneOpened, MainPressed, LimitReached]), Phase::Done(End::Full));
        assert_eq!(after(&[MicrophoneOpened, LimitReached, StopPressed]), Phase::Ready);
    }

    #[test]
    fn a_refusal_can_be_asked_again_and_has_words_of_its_own() {
        let blocks = [Block::Refused, Block::Absent, Block::Busy, Block::Insecure, Block::Unknown];
        for (at, block) in blocks.into_iter().enumerate() {
            assert_eq!(after(&[MicrophoneBlocked(block), MainPressed]), Phase::Blocked(block));
            assert_eq!(after(&[MicrophoneBlocked(block), MicrophoneAsked]), Phase::Asking);
            assert!(blocks[..at].iter().all(|other| other.words() != block.words()), "{block:?}");
        }
    }

    #[test]
    fn ten_minutes_of_any_microphone_end_to_the_sample_and_fit_into_an_upload() {
        for heard in [8_000, 44_100, 48_000, 88_200, 96_000, 192_000] {
            let kept = heard / one_of(heard);
            let tape = 600 * kept;
            assert!(tape * 2 + 44 <= 60_000_000, "{heard}");
            let samples = [0.5; 1_024];
            assert_eq!(fitting(&samples, tape - 100, kept).len(), 100, "{heard}");
            assert_eq!(fitting(&samples, tape, kept).len(), 0, "{heard}");
            assert_eq!(fitting(&samples, 0, kept).len(), 1_024, "{heard}");
        }
    }

    #[test]
    fn samples_that_become_fewer_keep_their_loudness() {
        assert_eq!(thinned(&[0.5, 0.25, -1.0, 0.0], 2), [0.375, -0.5]);
        assert_eq!(thinned(&[0.5, 0.25], 1), [0.5, 0.25]);
    }

    #[test]
    fn the_meter_goes_from_silence_to_full_scale() {
        assert_eq!([0.0, 0.001, 0.1, 1.0, 2.0].map(meter), [0, 0, 67, 100, 100]);
        assert!((level(&[0.5, -0.5, 0.5]) - 0.5).abs() < 1e-6);
        assert!(level(&[]) < 1e-6);
    }
}
