//! A dub in words: its heading, its steps, its place.

use contract::{Dub, Phase};

use super::{media, words};

/// What the stage shows of a dub. Changes seldom, so a `<video>` is not made anew at every answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// On its way.
    Moving,
    /// There is a video.
    Ready,
    /// It failed.
    Failed,
    /// Its owner ended it, or its video is not kept any more.
    Cancelled,
    /// Nobody knows whether it was started.
    Unconfirmed,
}

/// Whether it was made, and its video is not kept any more.
fn is_gone(dub: &Dub) -> bool {
    dub.phase == Phase::Succeeded && dub.output.is_none()
}

/// The face of a dub.
pub fn face(dub: &Dub) -> Face {
    match dub.phase {
        _ if is_gone(dub) => Face::Cancelled,
        Phase::Queued | Phase::Staging | Phase::Submitting | Phase::Processing | Phase::Saving => Face::Moving,
        Phase::Succeeded => Face::Ready,
        Phase::Failed => Face::Failed,
        Phase::Cancelled => Face::Cancelled,
        Phase::Unconfirmed => Face::Unconfirmed,
    }
}

/// What a dub is called.
pub fn name(dub: &Dub) -> String {
    match (dub.label.as_deref().map(str::trim), &dub.input.audio) {
        (Some(label), _) if !label.is_empty() => label.to_owned(),
        (_, contract::Media::Url(link)) => media::file_name(link).to_owned(),
        (_, contract::Media::UploadId(_)) => "The dub".to_owned(),
    }
}

/// One sentence without its full stop: what is happening to the dub.
pub fn heading(dub: &Dub) -> String {
    let name = name(dub);
    match dub.phase {
        Phase::Queued => name + " is waiting",
        Phase::Staging | Phase::Submitting => name + " is being sent",
        Phase::Processing => name + " is being generated",
        Phase::Saving => name + " is being saved",
        _ if is_gone(dub) => name + " is not here any more",
        Phase::Succeeded => name + " is ready",
        Phase::Failed => name + " could not be dubbed",
        Phase::Cancelled => name + " was cancelled",
        Phase::Unconfirmed => ["We do not know whether ", &name, " was started"].concat(),
    }
}

/// Its phase, as the style sheets colour it; a video that is not kept any more is nothing that is well.
pub fn tone(dub: &Dub) -> &'static str {
    if is_gone(dub) { "expired" } else { dub.phase.as_str() }
}

/// A word or two for the pill.
pub fn pill(dub: &Dub) -> String {
    match (dub.phase, dub.queue_position) {
        (Phase::Queued, Some(place)) => "Queued ".to_owned() + &words::ordinal(place),
        _ => phase_word(dub).to_owned(),
    }
}

fn phase_word(dub: &Dub) -> &'static str {
    match dub.phase {
        _ if is_gone(dub) => "Expired",
        Phase::Queued => "Queued",
        Phase::Staging | Phase::Submitting => "Sending",
        Phase::Processing => "Generating",
        Phase::Saving => "Saving",
        Phase::Succeeded => "Ready",
        Phase::Failed => "Failed",
        Phase::Cancelled => "Cancelled",
        Phase::Unconfirmed => "Not confirmed",
    }
}

/// What the browser's tab says before the name of the page; `video` is what the dub's video is called.
pub fn title(dub: &Dub, video: &str) -> String {
    [phase_word(dub), ": ", &full_name(dub, video)].concat()
}

/// `founder-message · Español`: these two tell a dub from others.
pub fn full_name(dub: &Dub, video: &str) -> String {
    [video, if video.is_empty() { "" } else { " · " }, &name(dub)].concat()
}

/// What a dub that was not made has cost, as far as that is known.
pub fn charge(dub: &Dub, is_sandbox: bool) -> String {
    let words = match dub.metrics.and_then(|metrics| metrics.cost_usd) {
        // It was made, and has told its cost.
        _ if is_gone(dub) => "",
        _ if is_sandbox => "Nothing is charged in the sandbox.",
        Some(cost) if cost > 0.0 => return ["It cost ", &words::usd(cost), "."].concat(),
        Some(_) => "Nothing was charged.",
        None if dub.phase == Phase::Failed => "No cost was reported.",
        None if dub.started_at.is_none() && dub.problem.is_none() => "As far as we know, nothing is charged.",
        None => "What was made until then may still be charged.",
    };
    words.to_owned()
}

/// The four steps, in order.
pub const STEPS: [&str; 4] = ["Queued", "Sent", "Generating", "Saving"];

/// Which of [`STEPS`] is going on; all of them are over once it is 4.
pub fn step(phase: Phase) -> usize {
    match phase {
        Phase::Queued => 0,
        Phase::Staging | Phase::Submitting => 1,
        Phase::Processing => 2,
        Phase::Saving => 3,
        _ => STEPS.len(),
    }
}

/// How long the provider has been at it, and how long it is expected to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed {
    /// Since the provider took it.
    pub elapsed_ms: i64,
    /// In all.
    pub estimate_s: Option<u32>,
}

impl Elapsed {
    /// `2:04 of about 5:00`.
    pub fn text(self) -> String {
        let elapsed = words::length(self.elapsed_ms);
        match self.estimate_s {
            Some(estimate_s) => [&elapsed, " of about ", &words::length(i64::from(estimate_s) * 1_000)].concat(),
            None => elapsed,
        }
    }

    /// How far along, in percent; never quite full, because an estimate is not a promise.
    pub fn percent(self) -> u8 {
        let estimate_ms = i64::from(self.estimate_s.unwrap_or(0)) * 1_000;
        let percent = (self.elapsed_ms * 100).checked_div(estimate_ms).unwrap_or(0);
        u8::try_from(percent.clamp(2, 96)).unwrap_or(2)
    }

    /// Whether it takes a good deal longer than expected.
    pub fn is_late(self) -> bool {
        self.estimate_s.is_some_and(|estimate_s| self.elapsed_ms > i64::from(estimate_s) * 1_300)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dub(phase: Phase) -> Dub {
        let json = r#"{ "id": "d1", "label": "Español", "phase": "queued", "queue_position": 3,
            "created_at": "2026-11-22T10:00:00Z", "updated_at": "2026-11-22T10:00:00Z",
            "input": { "video": { "url": "https://a.example/v.mp4" }, "audio": { "url": "https://a.example/es.mp3" },
            "resolution": "720p", "seed": 7 }, "output": { "url": "/media/d1/dub.mp4", "content_type": "video/mp4",
            "size_bytes": 1, "duration_ms": 1, "width": 1, "height": 1 } }"#;
        Dub { phase, ..serde_json::from_str(json).unwrap() }
    }

    #[test]
    fn every_phase_has_its_sentence() {
        let headings = Phase::ALL.map(|phase| heading(&dub(phase)));
        let expected = [
            "Español is waiting",
            "Español is being sent",
            "Español is being sent",
            "Español is being generated",
            "Español is being saved",
            "Español is ready",
            "Español could not be dubbed",
            "Español was cancelled",
            "We do not know whether Español was started",
        ];
        assert_eq!(headings, expected);
    }

    #[test]
    fn a_dub_whose_video_is_not_kept_any_more_says_so() {
        let gone = Dub { output: None, ..dub(Phase::Succeeded) };
        assert_eq!((heading(&gone).as_str(), pill(&gone).as_str()), ("Español is not here any more", "Expired"));
        assert_eq!((face(&gone), face(&dub(Phase::Succeeded))), (Face::Cancelled, Face::Ready));
        assert_eq!((tone(&gone), tone(&dub(Phase::Succeeded))), ("expired", "succeeded"));
    }

    #[test]
    fn a_nameless_dub_is_called_by_its_file() {
        assert_eq!(name(&Dub { label: None, ..dub(Phase::Queued) }), "es.mp3");
    }

    #[test]
    fn the_pill_tells_the_place_only_in_the_queue() {
        assert_eq!(pill(&dub(Phase::Queued)), "Queued 3rd");
        assert_eq!(pill(&dub(Phase::Processing)), "Generating");
    }

    #[test]
    fn what_a_cancelled_dub_may_cost_is_told_as_far_as_it_is_known() {
        let waiting = dub(Phase::Cancelled);
        let started = Dub { started_at: Some(String::new()), ..dub(Phase::Cancelled) };
        let cost = |cost_usd| Some(contract::Metrics { cost_usd: Some(cost_usd), predict_time_s: None });
        let free = Dub { metrics: cost(0.0), ..started.clone() };
        let paid = Dub { metrics: cost(1.5), ..started.clone() };
        assert_eq!(charge(&paid, true), "Nothing is charged in the sandbox.");
        let words = [waiting, started, free, paid].map(|dub| charge(&dub, false));
        let expected = [
            "As far as we know, nothing is charged.",
            "What was made until then may still be charged.",
            "Nothing was charged.",
            "It cost $1.50.",
        ];
        assert_eq!(words, expected);
    }

    #[test]
    fn steps_only_ever_go_on() {
        let steps = Phase::ALL[..6].iter().map(|phase| step(*phase)).collect::<Vec<_>>();
        assert_eq!(steps, [0, 1, 1, 2, 3, 4]);
    }

    #[test]
    fn the_bar_never_claims_to_be_done() {
        let at = |elapsed_ms| Elapsed { elapsed_ms, estimate_s: Some(300) };
        assert_eq!(at(124_000).text(), "2:04 of about 5:00");
        assert_eq!([0, 124_000, 900_000].map(|ms| at(ms).percent()), [2, 41, 96]);
        assert!(at(391_000).is_late() && !at(310_000).is_late());
        assert_eq!(Elapsed { elapsed_ms: 5_000, estimate_s: None }.percent(), 2);
    }
}
