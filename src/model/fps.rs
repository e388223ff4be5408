//! How many frames a second, from the times at which frames were shown.

/// What cameras and editors make; what was measured is one of these unless it is far from all of them.
const USUAL: [f64; 9] = [24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 23.976, 29.97, 59.94];
/// The first of them, which times rounded to milliseconds cannot be told from the rest.
const WHOLE: usize = 6;
/// Fewer steps than this say nothing.
const LEAST_STEPS: usize = 5;
/// How far a measured rate may be from the usual one that it is taken for.
const NEAR: f64 = 0.01;

/// The rate behind these times in the video, in seconds, as a playing browser met them: some frames may have been dropped.
pub fn from_times(times_s: &[f64]) -> Option<f64> {
    let mut steps: Vec<f64> = times_s.windows(2).map(|pair| pair[1] - pair[0]).filter(|step| *step > 0.000_5).collect();
    if steps.len() < LEAST_STEPS {
        return None;
    }
    steps.sort_by(f64::total_cmp);
    // The shortest steps are those of one frame; containers round times, so their middle is nearer to it than the first.
    let shortest = steps[0] * 1.5;
    let single = &steps[..steps.iter().position(|step| *step > shortest).unwrap_or(steps.len())];
    let one = single[single.len() / 2];
    let frames: f64 = steps.iter().map(|step| (step / one).round()).sum();
    Some(nearest(frames / steps.iter().sum::<f64>(), &USUAL[..WHOLE]))
}

/// The usual rate that the exact `fps` must be, else `fps` with two places.
pub fn usual(fps: f64) -> f64 {
    nearest(fps, &USUAL)
}

fn nearest(fps: f64, usual: &[f64]) -> f64 {
    let distance = |usual: f64| (fps - usual).abs() / usual;
    let nearest = usual.iter().copied().min_by(|one, other| distance(*one).total_cmp(&distance(*other)));
    nearest.filter(|usual| distance(*usual) < NEAR).unwrap_or((fps * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of this rate, with those dropped that `is_dropped` names, rounded to whole milliseconds as `WebM` does.
    fn shown(fps: f64, is_dropped: impl Fn(u32) -> bool) -> Vec<f64> {
        let time = |frame: u32| (f64::from(frame) / fps * 1_000.0).round() / 1_000.0;
        (0..30).filter(|frame| !is_dropped(*frame)).map(time).collect()
    }

    #[test]
    fn the_rate_is_told_through_rounding_and_dropped_frames() {
        for fps in [12.0, 24.0, 25.0, 30.0, 50.0, 60.0] {
            assert_eq!(from_times(&shown(fps, |_| false)), Some(fps), "{fps}, all shown");
            assert_eq!(from_times(&shown(fps, |frame| frame % 5 == 2)), Some(fps), "{fps}, some dropped");
        }
    }

    #[test]
    fn few_frames_say_nothing() {
        assert_eq!(from_times(&[]), None);
        assert_eq!(from_times(&[0.0, 0.04, 0.08, 0.12]), None);
        assert_eq!(from_times(&[1.0; 30]), None);
    }

    #[test]
    fn an_unusual_rate_stays_what_it_is() {
        for (fps, taken_for) in [(15.003, 15.0), (29.9, 29.97), (29.969, 29.97), (100.0, 100.0)] {
            assert!((usual(fps) - taken_for).abs() < f64::EPSILON, "{fps}");
        }
    }
}
