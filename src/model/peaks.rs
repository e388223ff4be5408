//! What is to be heard in a voice, from its samples: how loud each part is, and where it is silent.

use super::look::Sound;

/// How many bars a waveform has.
pub const BARS: usize = 96;
/// What silence is measured in.
const WINDOW_MS: usize = 20;
/// The level under which nothing is to be heard: -50 dB.
const SILENCE: f32 = 0.003;
/// A quiet room is louder than that; speech is louder than the room, so under this part of the loudest window is silence too.
const ROOM: f32 = 0.02;

/// Listens to a voice, part after part, and keeps little of it.
#[derive(Debug)]
pub struct Listener {
    samples_in_bar: usize,
    samples_in_window: usize,
    peaks: Vec<f32>,
    /// The level of each window, root mean square.
    levels: Vec<f32>,
    heard: usize,
    squares: f32,
}

impl Listener {
    /// For a voice of this many samples, at this rate.
    pub fn new(samples: usize, samples_per_second: usize) -> Self {
        Self {
            samples_in_bar: samples.div_ceil(BARS).max(1),
            samples_in_window: (samples_per_second * WINDOW_MS / 1_000).max(1),
            peaks: Vec::with_capacity(BARS),
            levels: Vec::new(),
            heard: 0,
            squares: 0.0,
        }
    }

    /// Goes on with these samples, -1 to 1.
    pub fn hear(&mut self, samples: &[f32]) {
        for sample in samples {
            let (bar, loudness) = (self.heard / self.samples_in_bar, sample.abs().min(1.0));
            match self.peaks.get_mut(bar) {
                Some(peak) => *peak = peak.max(loudness),
                None => self.peaks.push(loudness),
            }
            self.squares += sample * sample;
            self.heard += 1;
            if self.heard.is_multiple_of(self.samples_in_window) {
                self.end_window(self.samples_in_window);
            }
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a window has some hundred samples")]
    fn end_window(&mut self, samples: usize) {
        self.levels.push((self.squares / samples as f32).sqrt());
        self.squares = 0.0;
    }

    /// What was heard.
    pub fn finish(mut self) -> Sound {
        let rest = self.heard % self.samples_in_window;
        if rest > 0 {
            self.end_window(rest);
        }
        let loudest = self.levels.iter().copied().fold(0.0, f32::max);
        let quiet = SILENCE.max(loudest * ROOM);
        let silent = self.levels.iter().rev().take_while(|level| **level < quiet).count();
        let trailing_silence_ms = i64::try_from(silent * WINDOW_MS).unwrap_or(i64::MAX);
        Sound { peaks: self.peaks, trailing_silence_ms, is_silent: loudest < SILENCE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: usize = 16_000;

    /// This many seconds of a tone of this loudness.
    fn tone(seconds: usize, loudness: f32) -> Vec<f32> {
        (0..seconds * RATE).map(|at| if at / 20 % 2 == 0 { loudness } else { -loudness }).collect()
    }

    fn heard(parts: &[Vec<f32>]) -> Sound {
        let all = parts.concat();
        let mut listener = Listener::new(all.len(), RATE);
        // In pieces that fit neither bars nor windows.
        all.chunks(777).for_each(|piece| listener.hear(piece));
        listener.finish()
    }

    #[test]
    fn the_bars_follow_the_loudness() {
        let sound = heard(&[tone(1, 0.5), tone(1, 0.1), tone(1, 0.9)]);
        assert_eq!(sound.peaks.len(), BARS);
        assert_eq!((sound.peaks[0], sound.peaks[BARS / 2], sound.peaks[BARS - 1]), (0.5, 0.1, 0.9));
        assert_eq!((sound.trailing_silence_ms, sound.is_silent), (0, false));
    }

    #[test]
    fn silence_at_the_end_is_measured_also_over_a_rooms_noise() {
        for noise in [0.0, 0.000_5, 0.008] {
            let sound = heard(&[tone(2, 0.6), tone(3, noise)]);
            assert_eq!((sound.trailing_silence_ms, sound.is_silent), (3_000, false), "{noise}");
        }
    }

    #[test]
    fn a_pause_within_is_not_at_the_end() {
        assert_eq!(heard(&[tone(1, 0.6), tone(2, 0.0), tone(1, 0.6)]).trailing_silence_ms, 0);
    }

    #[test]
    fn what_is_silent_throughout_is_told() {
        let sound = heard(&[tone(2, 0.001)]);
        assert_eq!((sound.trailing_silence_ms, sound.is_silent), (2_000, true));
        assert!(Listener::new(0, RATE).finish().is_silent);
    }

    #[test]
    fn a_quiet_voice_is_no_silence() {
        let sound = heard(&[tone(1, 0.02)]);
        assert_eq!((sound.trailing_silence_ms, sound.is_silent), (0, false));
    }
}
