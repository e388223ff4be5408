//! What becomes of a dub whose files cannot be staged, and of files that cannot be removed.

use std::time::Duration;

use contract::Field;

use super::{Roll, doubled};
use crate::{
    clock::Moment,
    dispatch::{Settings, stage::StageError, words},
    provider::{FileError, FileRemoval},
    store::{StagedOver, StagedPlace, StagingEnd},
};

/// How the staging of a dub ends whose file for `field` could not be staged, after `tries` in a row.
pub(in crate::dispatch) fn staging_end(
    error: &StageError,
    field: Field,
    tries: u32,
    settings: &Settings,
    now: Moment,
    roll: Roll,
) -> StagingEnd {
    let later = |least: Duration, problem| {
        let pause = roll.spread(doubled(settings.stage_first, tries, settings.stage_max));
        StagingEnd::Retry { at: now + pause.max(least), problem, shut: error.shut() }
    };
    match error {
        StageError::Gone => StagingEnd::Failed(words::upload_gone(field)),
        StageError::File(FileError::TooLarge) => StagingEnd::Failed(words::file_too_large(field)),
        StageError::File(FileError::Refused(reason)) => StagingEnd::Failed(words::file_refused(field, reason)),
        StageError::File(FileError::NotTaken(_)) if tries.saturating_add(1) >= settings.stage_tries => {
            StagingEnd::Failed(words::file_not_taken(field))
        }
        StageError::File(FileError::Shut(reason)) => later(settings.shut, words::shut(*reason)),
        StageError::File(FileError::Passing { retry_after, .. }) => {
            later(retry_after.unwrap_or_default().min(settings.rate_limited_max), words::not_staged())
        }
        StageError::File(FileError::NotTaken(_)) => later(Duration::ZERO, words::not_staged()),
        StageError::Store(_) | StageError::Storage(_) => later(Duration::ZERO, words::own_storage()),
    }
}

/// When to try again to remove a staged file; `None` when it is gone, or goes by itself.
pub(in crate::dispatch) fn removal_retry(
    removal: &FileRemoval,
    over: &StagedOver,
    settings: &Settings,
    now: Moment,
    roll: Roll,
) -> Option<Moment> {
    // The provider was told how long to keep it.
    let is_expired = over.until <= now && matches!(over.place, StagedPlace::Provider(_));
    if *removal == FileRemoval::Gone || is_expired {
        return None;
    }
    Some(now + roll.spread(doubled(settings.unstage_first, over.tries, settings.unstage_max)))
}

/// When to try again to remove a result that could not be removed, after `tries` in a row.
pub(in crate::dispatch) fn result_removal_retry(tries: u32, settings: &Settings, now: Moment, roll: Roll) -> Moment {
    now + roll.spread(doubled(settings.unstage_first, tries, settings.unstage_max))
}

#[cfg(test)]
mod tests {
    use contract::{Code, DubId};

    use super::*;
    use crate::store::{ShutReason, StagedId};

    const NOW: Moment = Moment(1_000_000);
    const MIDDLE: Roll = Roll(0.5);

    #[test]
    fn staging_is_tried_again_unless_the_file_itself_is_at_fault() {
        let settings = Settings::default();
        let end = |error: StageError, tries| staging_end(&error, Field::Audio, tries, &settings, NOW, MIDDLE);
        let again = |error: FileError, tries| match end(error.into(), tries) {
            StagingEnd::Retry { at, problem, .. } => Some((at.after(NOW).as_secs(), problem.code)),
            _ => None,
        };
        let passing = |after: Option<u64>| FileError::Passing {
            cause: String::new(),
            retry_after: after.map(Duration::from_secs),
        };
        let unavailable = Code::ProviderUnavailable;
        assert_eq!([0, 1, 3, 9].map(|tries| again(passing(None), tries).unwrap().0), [1, 2, 8, 60]);
        assert_eq!(again(passing(Some(30)), 0), Some((30, unavailable)));
        assert_eq!(again(passing(Some(1_000_000)), 0), Some((600, unavailable)));
        assert_eq!(again(FileError::Shut(ShutReason::BalanceTooLow), 0), Some((60, unavailable)));
        let not_taken = || FileError::NotTaken(http::StatusCode::FORBIDDEN);
        assert_eq!(again(not_taken(), 0), Some((1, unavailable)));
        for (error, tries, code) in [
            (not_taken().into(), settings.stage_tries - 1, Code::DubFailed),
            (FileError::TooLarge.into(), 0, Code::TooLarge),
            (FileError::Refused("no".into()).into(), 0, Code::DubFailed),
            (StageError::Gone, 0, Code::DubFailed),
        ] {
            assert!(matches!(end(error, tries), StagingEnd::Failed(problem) if problem.code == code));
        }
    }

    #[test]
    fn a_staged_file_is_removed_until_it_is_gone_or_expires_by_itself() {
        let over = |place: StagedPlace, tries| StagedOver {
            id: StagedId(1),
            dub: DubId("d".into()),
            place,
            until: NOW + Duration::from_mins(1),
            tries,
        };
        let provider = || StagedPlace::Provider("f".into());
        let later = |removal: FileRemoval, over: StagedOver, now: Moment| {
            removal_retry(&removal, &over, &Settings::default(), now, MIDDLE).map(|at| at.after(now).as_secs())
        };
        assert_eq!(later(FileRemoval::Gone, over(provider(), 0), NOW), None);
        assert_eq!(later(FileRemoval::InUse, over(provider(), 0), NOW), Some(5));
        assert_eq!(later(FileRemoval::Unknown(String::new()), over(provider(), 40), NOW), Some(600));
        let late = NOW + Duration::from_hours(1);
        assert_eq!(later(FileRemoval::InUse, over(provider(), 3), late), None);
        let bucket = over(StagedPlace::Bucket("k".into()), 0);
        assert_eq!(later(FileRemoval::Unknown(String::new()), bucket, late), Some(5), "a bucket keeps it");
    }
}
