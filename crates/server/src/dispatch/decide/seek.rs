//! Which predictions may be those of creates whose answers were lost, and when to look again.

use std::time::Duration;

use super::{Roll, doubled};
use crate::{
    clock::Moment,
    dispatch::Settings,
    provider::{Execution, LIST_MAX},
    store::{CreateId, PredictionId, Sought},
};

/// How far the provider's clock may be behind ours.
const SKEW: Duration = Duration::from_mins(1);

/// Since when the provider's list is needed; `None` where nothing is looked for in it.
pub(in crate::dispatch) fn list_from(sought: &[Sought]) -> Option<Moment> {
    sought.iter().filter(|sought| sought.prediction.is_none()).map(|sought| sought.intent_at - SKEW).min()
}

/// Which of the `executions`, newest first, may come from which create, the oldest first. Whether one was booked before, only
/// the store knows, so one may be named for several and several for one.
pub(in crate::dispatch) fn candidates(executions: &[Execution], sought: &[Sought]) -> Vec<(CreateId, PredictionId)> {
    let mut found = Vec::new();
    for create in sought.iter().filter(|create| create.prediction.is_none()) {
        let Some(sent) = &create.sent else { continue };
        let is_early = |execution: &Execution| execution.created_at.is_some_and(|at| at < create.intent_at - SKEW);
        let fitting = executions.iter().rev().filter(|execution| !is_early(execution) && execution.is_of(sent));
        found.extend(fitting.map(|execution| (create.create, execution.prediction.clone())));
    }
    found
}

/// How many executions to ask for after `failures` in a row: inputs may be long, and an answer has a limit.
pub(in crate::dispatch) fn list_size(failures: u32) -> u32 {
    LIST_MAX >> failures.saturating_mul(2).min(4)
}

/// The pause before the next look for `sought`, after `failures` in a row: it grows with the age of the youngest.
pub(in crate::dispatch) fn seek_pause(
    sought: &[Sought],
    failures: u32,
    settings: &Settings,
    now: Moment,
    roll: Roll,
) -> Duration {
    let age = sought.iter().map(|sought| now.after(sought.intent_at)).min().unwrap_or_default();
    let pause = (settings.seek_first + age / 10).max(doubled(settings.seek_first, failures, settings.seek_max));
    roll.spread(pause.min(settings.seek_max))
}

#[cfg(test)]
mod tests {
    use contract::{DubId, DubInput};

    use super::*;
    use crate::store::samples;

    const NOW: Moment = Moment(1_000_000_000);

    fn input(seed: u32) -> DubInput {
        DubInput { prompt: Some("😀".into()), seed, ..samples::input() }
    }

    fn sought(create: i64, seed: u32, prediction: Option<&str>) -> Sought {
        Sought {
            create: CreateId(create),
            dub: DubId("d".into()),
            sent: Some(input(seed)),
            intent_at: NOW,
            prediction: prediction.map(|id| PredictionId(id.into())),
        }
    }

    #[test]
    fn what_says_the_same_and_is_not_older_than_the_create_may_be_it() {
        let executions = [
            Execution::echo("newer", Some(NOW + SKEW), &input(7)),
            Execution::echo("other", Some(NOW), &input(8)),
            Execution::echo("older", Some(NOW - SKEW), &input(7)),
            Execution::echo("too old", Some(NOW - SKEW - SKEW), &input(7)),
            Execution::echo("undated", None, &input(7)),
        ];
        let found = |sought: &[Sought]| -> Vec<(i64, String)> {
            candidates(&executions, sought).into_iter().map(|(create, id)| (create.0, id.0)).collect()
        };
        let expected = |create: i64| ["undated", "older", "newer"].map(|id| (create, id.to_owned()));
        assert_eq!(found(&[sought(1, 7, None)]), expected(1));
        assert_eq!(found(&[sought(1, 7, None), sought(2, 7, None)]), [expected(1), expected(2)].concat());
        let unwritten = Sought { sent: None, ..sought(1, 7, None) };
        assert_eq!(found(&[sought(1, 9, None), unwritten, sought(3, 7, Some("lost"))]), []);
    }

    #[test]
    fn the_list_is_read_only_for_what_has_no_name() {
        assert_eq!(list_from(&[sought(1, 7, Some("lost"))]), None);
        assert_eq!(list_from(&[sought(1, 7, Some("lost")), sought(2, 7, None)]), Some(NOW - SKEW));
        assert_eq!([0, 1, 2, 99].map(list_size), [100, 25, 6, 6]);
    }

    #[test]
    fn looks_for_what_is_lost_grow_rarer_with_its_age_and_with_failures() {
        let pause = |age_s: u64, failures: u32| {
            let now = NOW + Duration::from_secs(age_s);
            seek_pause(&[sought(1, 7, None)], failures, &Settings::default(), now, Roll(0.5)).as_secs()
        };
        assert_eq!(
            [(0, 0), (100, 0), (1_700, 0), (0, 2), (0, 99)].map(|(age, tries)| pause(age, tries)),
            [3, 13, 60, 12, 60]
        );
    }
}
