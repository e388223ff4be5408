//! How often the dispatcher looks and how long it waits.

use std::time::Duration;

use crate::store::ProviderLimits;

/// The dispatcher's times. Tests shorten them; nobody else does.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The provider's limits per key.
    pub limits: ProviderLimits,
    /// The pause between two looks at a prediction that has just begun.
    pub poll_first: Duration,
    /// The pause between two looks at one that takes long. A failing look is repeated after as much, too.
    pub poll_max: Duration,
    /// How long the provider may not know a prediction that it had taken.
    pub missing_max: Duration,
    /// The pause after the first create that could not be sent; it doubles with each in a row.
    pub unsent_first: Duration,
    /// The longest such pause.
    pub unsent_max: Duration,
    /// The pause after a rate limit that names none.
    pub rate_limited: Duration,
    /// The longest `Retry-After` that is believed.
    pub rate_limited_max: Duration,
    /// The pause after a refused key or too low a balance.
    pub shut: Duration,
    /// How long an unconfirmed create keeps its slot: it may be running.
    pub slot_hold: Duration,
    /// The pause after the first failed fetch of a result; it doubles with each in a row.
    pub save_first: Duration,
    /// The longest such pause.
    pub save_max: Duration,
    /// After how many failed fetches a result is given up.
    pub save_tries: u32,
    /// How many dubs have their files staged beyond those that have a free slot.
    pub stage_ahead: u32,
    /// How long a staged file is kept at most, and its link works.
    pub link_life: Duration,
    /// The pause after the first failed staging; it doubles with each in a row.
    pub stage_first: Duration,
    /// The longest such pause.
    pub stage_max: Duration,
    /// After how many places that did not take a file in a row it is given up.
    pub stage_tries: u32,
    /// The pause after the first failed removal of a staged file or a result; it doubles with each in a row.
    pub unstage_first: Duration,
    /// The longest such pause.
    pub unstage_max: Duration,
    /// The pause between two looks for a create whose answer was lost. A failing look is repeated after as much, too.
    pub seek_first: Duration,
    /// The longest such pause.
    pub seek_max: Duration,
    /// The pause after the provider was first asked in vain to cancel a prediction; it doubles with each in a row.
    pub cancel_first: Duration,
    /// The longest such pause.
    pub cancel_max: Duration,
    /// After how many times that the provider did not know a prediction it is cancelled no more.
    pub cancel_tries: u32,
    /// How long a create in flight may still be answered while the server stops.
    pub answer_grace: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            limits: ProviderLimits { running: 10, creates: 100 },
            poll_first: Duration::from_secs(3),
            poll_max: Duration::from_secs(15),
            missing_max: Duration::from_mins(10),
            unsent_first: Duration::from_secs(1),
            unsent_max: Duration::from_mins(1),
            rate_limited: Duration::from_secs(5),
            rate_limited_max: Duration::from_mins(10),
            shut: Duration::from_mins(1),
            slot_hold: Duration::from_mins(30),
            save_first: Duration::from_secs(2),
            save_max: Duration::from_mins(5),
            save_tries: 15,
            stage_ahead: 2,
            link_life: Duration::from_hours(48),
            stage_first: Duration::from_secs(1),
            stage_max: Duration::from_mins(1),
            stage_tries: 5,
            unstage_first: Duration::from_secs(5),
            unstage_max: Duration::from_mins(10),
            seek_first: Duration::from_secs(3),
            seek_max: Duration::from_mins(1),
            cancel_first: Duration::from_secs(1),
            cancel_max: Duration::from_mins(1),
            cancel_tries: 10,
            answer_grace: Duration::from_secs(8),
        }
    }
}
