//! The free preview's clock: the voice leads, the picture follows, and both stay together.

/// How far apart they may be before the picture's speed is changed, in seconds: a browser's clocks waver by less.
const NEAR_S: f64 = 0.02;
/// How near they come before its speed is their common one again.
const TOGETHER_S: f64 = 0.006;
/// How late the picture may be before the voice waits for it.
const LATE_S: f64 = 0.08;
/// From here on the picture jumps.
const FAR_S: f64 = 0.4;
/// How much of what they are apart is made up for in a second.
const GAIN: f64 = 4.0;
/// The most by which the picture's speed differs from the voice's, as a part of it.
const MOST: f64 = 0.75;
/// How long before its end the picture stands still: at the end itself some browsers show nothing.
const LAST_FRAME_S: f64 = 0.02;

/// What the voice does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Voice {
    /// Where it is, in seconds.
    pub at_s: f64,
    /// How fast it is played; 1 is its own speed.
    pub rate: f64,
    /// Whether it could go on at once.
    pub is_ready: bool,
    /// Whether it stands still.
    pub is_paused: bool,
}

/// What the picture does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Picture {
    /// Where it is, in seconds.
    pub at_s: f64,
    /// How long it is; not a number or infinite where nobody knows.
    pub length_s: f64,
    /// How fast it is played.
    pub rate: f64,
    /// Whether it could go on at once.
    pub is_ready: bool,
    /// Whether it has come to its end: told to play, it would begin anew.
    pub has_ended: bool,
}

/// What is to happen, so that the two are together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Follow {
    /// Who is ready waits for the other.
    Wait,
    /// The voice goes on; the picture stands still.
    Hold,
    /// The picture goes on, and the voice waits for it.
    Catch,
    /// Both play, the picture at this speed.
    Nudge(f64),
    /// The picture goes to this moment, and the voice waits for it.
    Seek(f64),
}

/// The moment of the picture that belongs to a moment of the voice. Once the picture is over its last frame holds, as in
/// the dub.
pub fn shown_s(voice_s: f64, length_s: f64) -> f64 {
    if length_s.is_finite() { voice_s.min((length_s - LAST_FRAME_S).max(0.0)) } else { voice_s }
}

/// What is to happen while both are meant to play.
pub fn follow(voice: Voice, picture: Picture) -> Follow {
    let to_s = shown_s(voice.at_s, picture.length_s);
    let ahead_s = picture.at_s - to_s;
    let is_nudged = (picture.rate - voice.rate).abs() > f64::EPSILON;
    if !(voice.is_ready && picture.is_ready) {
        Follow::Wait
    } else if ahead_s.abs() > FAR_S {
        Follow::Seek(to_s)
    } else if picture.has_ended || to_s < voice.at_s {
        Follow::Hold
    } else if -ahead_s > if voice.is_paused { TOGETHER_S } else { LATE_S } {
        Follow::Catch
    } else if ahead_s.abs() < if is_nudged { TOGETHER_S } else { NEAR_S } {
        Follow::Nudge(voice.rate)
    } else {
        Follow::Nudge(voice.rate - (ahead_s * GAIN).clamp(-MOST * voice.rate, MOST * voice.rate))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(at_s: f64, rate: f64) -> Voice {
        Voice { at_s, rate, is_ready: true, is_paused: false }
    }

    fn picture(at_s: f64, length_s: f64, rate: f64) -> Picture {
        Picture { at_s, length_s, rate, is_ready: true, has_ended: false }
    }

    #[test]
    fn a_small_lead_is_made_up_for_by_speed_and_a_large_one_by_a_jump() {
        for (voice_s, picture_s, rate, wanted) in [
            (1.0, 1.01, 1.0, Follow::Nudge(1.0)),
            (1.0, 0.99, 2.0, Follow::Nudge(2.0)),
            (1.0, 1.0625, 1.0, Follow::Nudge(0.75)),
            (1.0, 0.9375, 1.0, Follow::Nudge(1.25)),
            (1.0, 1.25, 0.5, Follow::Nudge(0.125)),
            (1.0, 1.125, 2.0, Follow::Nudge(1.5)),
            (1.0, 0.9, 1.0, Follow::Catch),
            (1.0, 5.0, 1.0, Follow::Seek(1.0)),
            (5.0, 1.0, 0.5, Follow::Seek(5.0)),
        ] {
            let now = follow(voice(voice_s, rate), picture(picture_s, 60.0, rate));
            assert_eq!(now, wanted, "{voice_s} {picture_s} {rate}");
        }
    }

    #[test]
    fn what_was_begun_goes_on_until_they_are_together() {
        let nudged = |picture_s| follow(voice(1.0, 1.0), picture(picture_s, 60.0, 0.75));
        assert_eq!([nudged(1.015_625), nudged(1.005)], [Follow::Nudge(0.9375), Follow::Nudge(1.0)]);
        let waiting = Voice { is_paused: true, ..voice(1.0, 1.0) };
        assert_eq!(follow(waiting, picture(0.99, 60.0, 1.0)), Follow::Catch);
        assert_eq!(follow(waiting, picture(0.995, 60.0, 1.0)), Follow::Nudge(1.0));
    }

    #[test]
    fn picture_and_voice_come_together_within_a_second_and_stay() {
        for rate in [0.5, 1.0, 1.5, 2.0] {
            for apart_s in [-0.39, -0.1, 0.05, 0.2] {
                let (mut voice, mut picture) = (voice(1.0, rate), picture(1.0 + apart_s, 60.0, rate));
                for frame in 0..180 {
                    let now = follow(voice, picture);
                    voice.is_paused = now == Follow::Catch;
                    match now {
                        Follow::Catch => picture.rate = rate,
                        Follow::Nudge(speed) => {
                            picture.rate = speed;
                            voice.at_s += rate / 60.0;
                        }
                        other => panic!("{other:?}"),
                    }
                    picture.at_s += picture.rate / 60.0;
                    let is_together = f64::abs(picture.at_s - voice.at_s) < 0.04;
                    assert!(frame < 60 || is_together, "{rate} {apart_s}: {frame}");
                }
            }
        }
    }

    #[test]
    fn the_last_frame_holds_when_the_voice_is_longer() {
        let at = |voice_s, picture_s| follow(voice(voice_s, 1.0), picture(picture_s, 3.0, 1.0));
        assert_eq!(
            [at(3.5, 2.98), at(3.5, 1.0), at(2.97, 2.97)],
            [Follow::Hold, Follow::Seek(2.98), Follow::Nudge(1.0)]
        );
        for (voice_s, wanted_s) in [(1.0, 1.0), (3.5, 2.98)] {
            assert!((shown_s(voice_s, 3.0) - wanted_s).abs() < 1e-9, "{voice_s}");
        }
    }

    #[test]
    fn a_picture_that_has_ended_is_not_begun_anew() {
        let ended = Picture { has_ended: true, ..picture(2.9, f64::INFINITY, 1.0) };
        assert_eq!(follow(voice(2.8, 1.0), ended), Follow::Hold);
        assert_eq!(follow(voice(1.0, 1.0), ended), Follow::Seek(1.0));
    }

    #[test]
    fn a_picture_of_unknown_length_is_followed_all_the_same() {
        for length_s in [f64::NAN, f64::INFINITY] {
            assert_eq!(follow(voice(9.0, 1.0), picture(9.0, length_s, 1.0)), Follow::Nudge(1.0));
        }
    }

    #[test]
    fn who_is_ready_waits_for_the_other() {
        let (is, late) = (voice(1.0, 1.0), Voice { is_ready: false, ..voice(1.0, 1.0) });
        let shown = picture(1.0, 3.0, 1.0);
        let late_picture = Picture { is_ready: false, ..shown };
        for (voice, picture) in [(late, shown), (is, late_picture), (late, late_picture)] {
            assert_eq!(follow(voice, picture), Follow::Wait);
        }
    }
}
