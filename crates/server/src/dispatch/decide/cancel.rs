//! Whether a prediction is to be cancelled once more.

use super::{Roll, doubled};
use crate::{
    clock::Moment,
    dispatch::Settings,
    provider::{CancelAnswer, ReadAnswer},
    store::{CancelDue, CancelEnd, CancelWhy},
};

/// How an attempt to cancel `due` ends, where `asked` was answered. One that nobody waits for is `read` afterwards: its slot is
/// free only once it is over. One that its dub waits for is read as ever.
pub(in crate::dispatch) fn cancel_end(
    asked: &CancelAnswer,
    read: Option<&ReadAnswer>,
    due: &CancelDue,
    settings: &Settings,
    now: Moment,
    roll: Roll,
) -> CancelEnd {
    let pause = doubled(settings.cancel_first, due.tries, settings.cancel_max);
    let retry = CancelEnd::Retry(now + roll.spread(pause));
    let is_last = due.tries.saturating_add(1) >= settings.cancel_tries;
    if due.why == CancelWhy::Owner {
        return match asked {
            CancelAnswer::Asked => CancelEnd::Asked,
            CancelAnswer::Impossible(_) => CancelEnd::GivenUp,
            CancelAnswer::Missing if is_last => CancelEnd::GivenUp,
            CancelAnswer::Missing | CancelAnswer::Passing(_) => retry,
        };
    }
    match read {
        Some(ReadAnswer::Done { .. } | ReadAnswer::Failed { .. } | ReadAnswer::Cancelled) => CancelEnd::Over,
        Some(ReadAnswer::Missing) if is_last => CancelEnd::Over,
        Some(ReadAnswer::Missing | ReadAnswer::Running(_) | ReadAnswer::Unreadable(_)) | None => retry,
    }
}

#[cfg(test)]
mod tests {
    use contract::{DubId, Metrics};

    use super::*;
    use crate::store::{CreateId, PredictionId};

    const NOW: Moment = Moment(1_000_000);

    fn end(why: CancelWhy, tries: u32, asked: &CancelAnswer, read: Option<&ReadAnswer>) -> CancelEnd {
        let due =
            CancelDue { create: CreateId(1), dub: DubId("d".into()), prediction: PredictionId("p".into()), why, tries };
        cancel_end(asked, read, &due, &Settings::default(), NOW, Roll(0.5))
    }

    fn after(seconds: i64) -> CancelEnd {
        CancelEnd::Retry(Moment(NOW.0 + seconds * 1_000))
    }

    #[test]
    fn an_owners_wish_is_asked_for_until_the_provider_has_heard_it() {
        let asked = |tries, answer: CancelAnswer| end(CancelWhy::Owner, tries, &answer, None);
        assert_eq!(asked(0, CancelAnswer::Asked), CancelEnd::Asked);
        assert_eq!(asked(0, CancelAnswer::Impossible(String::new())), CancelEnd::GivenUp);
        let passing = || CancelAnswer::Passing(String::new());
        assert_eq!([0, 1, 4, 99].map(|tries| asked(tries, passing())), [after(1), after(2), after(16), after(60)]);
        assert_eq!(asked(8, CancelAnswer::Missing), after(60));
        assert_eq!(asked(9, CancelAnswer::Missing), CancelEnd::GivenUp);
    }

    #[test]
    fn what_nobody_waits_for_keeps_its_slot_until_it_is_seen_to_be_over() {
        let read = |tries, read: ReadAnswer| end(CancelWhy::DuplicateSpend, tries, &CancelAnswer::Asked, Some(&read));
        for over in [ReadAnswer::Cancelled, ReadAnswer::Failed { reason: None, metrics: Metrics::default() }] {
            assert_eq!(read(0, over), CancelEnd::Over);
        }
        for running in [ReadAnswer::Running(None), ReadAnswer::Unreadable(String::new())] {
            assert_eq!(read(99, running), after(60));
        }
        assert_eq!((read(0, ReadAnswer::Missing), read(9, ReadAnswer::Missing)), (after(1), CancelEnd::Over));
        let refused = CancelAnswer::Impossible(String::new());
        assert_eq!(end(CancelWhy::Late, 0, &refused, Some(&ReadAnswer::Running(None))), after(1));
    }
}
