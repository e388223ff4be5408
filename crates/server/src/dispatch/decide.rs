//! What an answer means for a dub: pure functions of the answer, the dub's history, the time and a dice roll.

mod cancel;
mod files;
mod seek;

use std::time::Duration;

pub(super) use cancel::cancel_end;
pub(super) use files::{removal_retry, result_removal_retry, staging_end};
pub(super) use seek::{candidates, list_from, list_size, seek_pause};

use super::{Settings, words};
use crate::{
    clock::Moment,
    media::FetchError,
    provider::{CreateAnswer, ReadAnswer},
    store::{CreateEnd, Due, SaveEnd, Seen},
};

/// A number from 0 up to 1 that spreads what would otherwise happen at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Roll(f64);

impl Roll {
    /// Draws one.
    pub(super) fn draw() -> Self {
        Self(f64::from(getrandom::u32().unwrap_or_default()) / (f64::from(u32::MAX) + 1.0))
    }

    /// This one, from 0 up to 1.
    #[cfg(test)]
    pub(super) fn of(share: f64) -> Self {
        Self(share)
    }

    /// `pause`, up to a fifth shorter or longer.
    fn spread(self, pause: Duration) -> Duration {
        pause.mul_f64(0.8 + 0.4 * self.0)
    }
}

/// How a create ended, after `tries` in a row that could not be sent.
pub(super) fn create_end(answer: CreateAnswer, tries: u32, settings: &Settings, now: Moment, roll: Roll) -> CreateEnd {
    match answer {
        CreateAnswer::Accepted(prediction) => {
            CreateEnd::Accepted { prediction, poll_at: now + roll.spread(settings.poll_first) }
        }
        CreateAnswer::NotSent(_) => {
            let pause = doubled(settings.unsent_first, tries, settings.unsent_max);
            CreateEnd::NotSent { retry_at: now + roll.spread(pause), problem: words::unreachable() }
        }
        CreateAnswer::RateLimited { retry_after } => {
            let pause = retry_after.unwrap_or(settings.rate_limited).min(settings.rate_limited_max);
            CreateEnd::TurnedAway { retry_at: now + pause, problem: None, shut: None }
        }
        CreateAnswer::Shut(reason) => {
            let problem = Some(words::shut(reason));
            CreateEnd::TurnedAway { retry_at: now + settings.shut, problem, shut: Some(reason) }
        }
        CreateAnswer::Refused(reason) => CreateEnd::Refused(words::refused(&reason)),
        CreateAnswer::Unknown(_) => {
            CreateEnd::Unknown { problem: words::unconfirmed(), slot_until: now + settings.slot_hold }
        }
    }
}

/// What a look at the prediction of `due` comes to.
pub(super) fn seen(answer: ReadAnswer, due: &Due, settings: &Settings, now: Moment, roll: Roll) -> Seen {
    match answer {
        ReadAnswer::Running(_) => {
            let poll_at = now + roll.spread(poll_pause(now.after(due.started_at), settings));
            Seen::Running { poll_at, tries: 0, missing_since: None }
        }
        ReadAnswer::Done { result_url: Some(result_url), metrics } => Seen::Done { result_url, metrics },
        ReadAnswer::Done { result_url: None, metrics } => Seen::Failed { problem: words::no_result(), metrics },
        ReadAnswer::Failed { reason, metrics } => Seen::Failed { problem: words::failed(reason.as_deref()), metrics },
        ReadAnswer::Cancelled => Seen::Cancelled,
        ReadAnswer::Missing => {
            let since = due.missing_since.unwrap_or(now);
            if now.after(since) >= settings.missing_max {
                return Seen::Lost { problem: words::missing(), slot_until: now + settings.slot_hold };
            }
            look_again(due, Some(since), settings, now, roll)
        }
        ReadAnswer::Unreadable(_) => look_again(due, due.missing_since, settings, now, roll),
    }
}

fn look_again(due: &Due, missing_since: Option<Moment>, settings: &Settings, now: Moment, roll: Roll) -> Seen {
    let pause = doubled(settings.poll_first, due.tries, settings.poll_max);
    Seen::Running { poll_at: now + roll.spread(pause), tries: due.tries.saturating_add(1), missing_since }
}

/// How a fetch that failed ends.
pub(super) fn save_failure(error: &FetchError, due: &Due, settings: &Settings, now: Moment, roll: Roll) -> SaveEnd {
    if !error.is_passing() {
        return SaveEnd::Failed(words::unusable_result());
    }
    // A full or broken storage here is no reason to give up what was paid for.
    if !error.is_ours() && due.tries.saturating_add(1) >= settings.save_tries {
        return SaveEnd::Failed(words::lost_result());
    }
    SaveEnd::Retry(now + roll.spread(doubled(settings.save_first, due.tries, settings.save_max)))
}

/// The pause between looks grows by a second for every twenty that the prediction has run.
fn poll_pause(age: Duration, settings: &Settings) -> Duration {
    (settings.poll_first + age / 20).min(settings.poll_max)
}

fn doubled(first: Duration, times: u32, max: Duration) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times)).min(max)
}

#[cfg(test)]
mod tests {
    use contract::{Code, DubId, Metrics};

    use super::*;
    use crate::store::{PredictionId, ShutReason};

    const NOW: Moment = Moment(1_000_000);
    const MIDDLE: Roll = Roll(0.5);

    fn due() -> Due {
        Due {
            dub: DubId("d".into()),
            prediction: PredictionId("p".into()),
            tries: 0,
            missing_since: None,
            started_at: NOW,
            result_url: None,
        }
    }

    fn ended(answer: CreateAnswer, tries: u32) -> CreateEnd {
        create_end(answer, tries, &Settings::default(), NOW, MIDDLE)
    }

    fn looked(answer: ReadAnswer, due: &Due, now: Moment) -> Seen {
        seen(answer, due, &Settings::default(), now, MIDDLE)
    }

    #[test]
    fn only_what_surely_sent_nothing_goes_back_to_the_queue() {
        assert!(matches!(ended(CreateAnswer::NotSent(String::new()), 0), CreateEnd::NotSent { .. }));
        assert!(matches!(ended(CreateAnswer::RateLimited { retry_after: None }, 0), CreateEnd::TurnedAway { .. }));
        for reason in [ShutReason::KeyRefused, ShutReason::BalanceTooLow] {
            assert!(matches!(ended(CreateAnswer::Shut(reason), 0), CreateEnd::TurnedAway { .. }));
        }
        assert!(matches!(ended(CreateAnswer::Unknown(String::new()), 0), CreateEnd::Unknown { .. }));
        assert!(matches!(ended(CreateAnswer::Refused("bad".into()), 0), CreateEnd::Refused(_)));
    }

    #[test]
    fn the_pause_after_an_unsent_create_doubles_up_to_a_minute() {
        let pauses = [0, 1, 2, 5, 6, 40].map(|tries| match ended(CreateAnswer::NotSent(String::new()), tries) {
            CreateEnd::NotSent { retry_at, .. } => retry_at.after(NOW).as_secs(),
            other => panic!("{other:?}"),
        });
        assert_eq!(pauses, [1, 2, 4, 32, 60, 60]);
    }

    #[test]
    fn retry_after_is_honoured_within_reason() {
        let pause =
            |seconds| match ended(CreateAnswer::RateLimited { retry_after: Some(Duration::from_secs(seconds)) }, 0) {
                CreateEnd::TurnedAway { retry_at, problem: None, .. } => retry_at.after(NOW).as_secs(),
                other => panic!("{other:?}"),
            };
        assert_eq!((pause(7), pause(1_000_000)), (7, 600));
    }

    #[test]
    fn looks_start_at_three_seconds_and_grow_to_fifteen() {
        let pause = |age_s: u64| {
            let now = NOW + Duration::from_secs(age_s);
            match looked(ReadAnswer::Running(None), &due(), now) {
                Seen::Running { poll_at, .. } => poll_at.after(now).as_secs(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!([0, 60, 240, 9_000].map(pause), [3, 6, 15, 15]);
    }

    #[test]
    fn a_prediction_may_be_missing_for_ten_minutes() {
        let early =
            looked(ReadAnswer::Missing, &Due { missing_since: Some(NOW), ..due() }, NOW + Duration::from_secs(599));
        assert!(matches!(early, Seen::Running { missing_since: Some(NOW), tries: 1, .. }));
        let late =
            looked(ReadAnswer::Missing, &Due { missing_since: Some(NOW), ..due() }, NOW + Duration::from_mins(10));
        assert!(matches!(late, Seen::Lost { .. }));
    }

    #[test]
    fn success_without_a_link_is_a_failure() {
        let done = ReadAnswer::Done { result_url: None, metrics: Metrics::default() };
        assert!(
            matches!(looked(done, &due(), NOW), Seen::Failed { problem, .. } if problem.code == Code::ResultUnusable)
        );
    }

    #[test]
    fn a_result_is_given_up_only_after_many_tries_or_when_it_never_can_be() {
        let settings = Settings::default();
        let end = |error: FetchError, tries| save_failure(&error, &Due { tries, ..due() }, &settings, NOW, MIDDLE);
        let gone = || FetchError::Status(http::StatusCode::NOT_FOUND);
        assert_eq!(end(gone(), 0), SaveEnd::Retry(NOW + Duration::from_secs(2)));
        assert!(matches!(end(gone(), settings.save_tries - 1), SaveEnd::Failed(_)));
        let full = FetchError::Disk(std::io::ErrorKind::StorageFull.into());
        assert!(matches!(end(full, settings.save_tries * 9), SaveEnd::Retry(_)));
        for error in [FetchError::Forbidden("a.example".into()), FetchError::NotAVideo, FetchError::TooLarge] {
            assert!(matches!(end(error, 0), SaveEnd::Failed(_)));
        }
    }
}
