//! What the store knows of the ways that a dub's life can turn: cancelled or deleted by its owner, and
//! found again at the provider.

use async_trait::async_trait;
use contract::{DubId, DubInput, Phase};

use super::{CreateId, Owner, PredictionId, StoreError, StoredDub};
use crate::clock::Moment;

/// What a wish to cancel does to a dub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelStep {
    /// Nothing of it runs, as far as anybody knows: it is cancelled.
    AtOnce,
    /// It is noted, and done once the provider has spoken.
    Noted,
    /// It is cancelled already.
    Already,
    /// It is made, or over: there is nothing left to cancel.
    TooLate,
}

impl CancelStep {
    /// What it does in this phase.
    pub fn of(phase: Phase) -> Self {
        match phase {
            Phase::Queued | Phase::Staging | Phase::Unconfirmed => Self::AtOnce,
            Phase::Submitting | Phase::Processing => Self::Noted,
            Phase::Cancelled => Self::Already,
            Phase::Saving | Phase::Succeeded | Phase::Failed => Self::TooLate,
        }
    }
}

/// What became of a wish to cancel.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "made once a request and taken apart at once")]
pub enum Cancelling {
    /// It is cancelled, or will be if the provider still can.
    Taken(StoredDub),
    /// It is in this phase, and there is nothing left to cancel.
    TooLate(Phase),
    /// There is no such dub of this owner's.
    NotFound,
}

/// Why the provider is asked to cancel a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelWhy {
    /// Its dub's owner wants it. The dub waits for how it ends.
    Owner,
    /// Its dub has another prediction: this one is paid twice.
    DuplicateSpend,
    /// Its dub was over when it was found.
    Late,
}

/// A prediction that the provider is to be asked to cancel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelDue {
    /// The create that it came from.
    pub create: CreateId,
    /// The dub it was for.
    pub dub: DubId,
    /// The prediction.
    pub prediction: PredictionId,
    /// Why.
    pub why: CancelWhy,
    /// How often this was tried before.
    pub tries: u32,
}

/// How an attempt to cancel a prediction ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelEnd {
    /// The provider was asked: its dub is looked at, at once.
    Asked,
    /// Not yet: try again then.
    Retry(Moment),
    /// The provider cannot or does not want to.
    GivenUp,
    /// It is over, and its slot is free.
    Over,
}

/// What finding a prediction comes to for the dub it was bought for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// The dub stands on it from now on: to `processing`.
    Adopted,
    /// The dub has another: booked as paid twice, and to be cancelled.
    DuplicateSpend,
    /// The dub is over: booked, and to be cancelled.
    Late,
    /// It was booked before, for this dub or another: nothing changed.
    Known,
    /// It may as well be that of a create in flight, which says the same: nothing changed, look again.
    Unclear,
}

impl Evidence {
    /// What a prediction that nobody knew comes to for a dub in this phase, which may stand on another one already.
    pub fn of(phase: Phase, has_another: bool) -> Self {
        match phase {
            Phase::Queued | Phase::Staging | Phase::Submitting | Phase::Unconfirmed => Self::Adopted,
            Phase::Processing | Phase::Saving | Phase::Succeeded | Phase::Failed | Phase::Cancelled => {
                if has_another {
                    Self::DuplicateSpend
                } else {
                    Self::Late
                }
            }
        }
    }
}

/// A create whose prediction is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// The create.
    pub create: CreateId,
    /// The dub it was for.
    pub dub: DubId,
    /// What it said: links in place of files. `None` where that was not written down.
    pub sent: Option<DubInput>,
    /// When it was about to be sent.
    pub intent_at: Moment,
    /// Its prediction, where that is known and got lost.
    pub prediction: Option<PredictionId>,
}

/// The name under which a result is stored and served.
pub const RESULT_NAME: &str = "dub.mp4";

/// A result that is to be removed from the storage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The dub it was of.
    pub dub: DubId,
    /// Its file name.
    pub file_name: String,
    /// How often in a row it could not be removed.
    pub tries: u32,
}

/// The durable state of cancelling, of evidence and of deleting. Every method is one transaction.
#[async_trait]
pub trait LifeStore: Send + Sync + 'static {
    /// Cancels a dub of this owner's, or notes that it is to be cancelled once the provider has spoken.
    async fn cancel(&self, owner: &Owner, id: &DubId, now: Moment) -> Result<Cancelling, StoreError>;
    /// The predictions that the provider is to be asked to cancel now, the longest waiting first.
    async fn cancels_due(&self, limit: u32, now: Moment) -> Result<Vec<CancelDue>, StoreError>;
    /// The next moment after `now` at which there is one.
    async fn next_cancel(&self, now: Moment) -> Result<Option<Moment>, StoreError>;
    /// Books how an attempt to cancel a create's prediction ended.
    async fn book_cancel(&self, create: CreateId, end: CancelEnd, now: Moment) -> Result<(), StoreError>;

    /// The creates that may be running unseen and still hold their slot: their predictions are looked for.
    async fn sought(&self, now: Moment) -> Result<Vec<Sought>, StoreError>;
    /// Every create of a dub, the oldest first, however long ago it was.
    async fn creates_of(&self, dub: &DubId) -> Result<Vec<Sought>, StoreError>;
    /// Books a prediction that was found for a create, whatever has become of both. Who calls this has compared what the
    /// provider was told with what the create said, or was told of it by the create's own secret path.
    async fn book_evidence(
        &self,
        create: CreateId,
        prediction: &PredictionId,
        poll_at: Moment,
        now: Moment,
    ) -> Result<Evidence, StoreError>;

    /// Takes a dub from its owner: nobody sees it any more, what runs of it is cancelled as by [`cancel`](Self::cancel), and
    /// its files are to be removed. A row without what it was made from stays, so that late evidence can be booked. False when
    /// there is no such dub of this owner's.
    async fn delete(&self, owner: &Owner, id: &DubId, now: Moment) -> Result<bool, StoreError>;
    /// Results that are to be removed now, the longest waiting first. None that is still being saved.
    async fn removals(&self, limit: u32, now: Moment) -> Result<Vec<Removal>, StoreError>;
    /// The next moment after `now` at which one is to be removed.
    async fn next_removal(&self, now: Moment) -> Result<Option<Moment>, StoreError>;
    /// Books that a result is gone.
    async fn forget_removal(&self, removal: &Removal) -> Result<(), StoreError>;
    /// Books that a result could not be removed, and when to try again.
    async fn keep_removal(&self, removal: &Removal, retry_at: Moment) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_nowhere_is_cancelled_at_once_and_what_is_over_stays() {
        let step = |phase| CancelStep::of(phase);
        for phase in [Phase::Queued, Phase::Staging, Phase::Unconfirmed] {
            assert_eq!(step(phase), CancelStep::AtOnce, "{phase:?}");
        }
        for phase in [Phase::Submitting, Phase::Processing] {
            assert_eq!(step(phase), CancelStep::Noted, "{phase:?}");
        }
        for phase in [Phase::Saving, Phase::Succeeded, Phase::Failed] {
            assert_eq!(step(phase), CancelStep::TooLate, "{phase:?}");
        }
    }

    #[test]
    fn what_is_found_saves_a_second_create_wherever_one_is_still_to_come() {
        for phase in Phase::ALL {
            let is_waiting = phase.is_moving() && !matches!(phase, Phase::Processing | Phase::Saving);
            let adopts = is_waiting || phase == Phase::Unconfirmed;
            assert_eq!(Evidence::of(phase, true) == Evidence::Adopted, adopts, "{phase:?}");
            assert_eq!(Evidence::of(phase, false) == Evidence::Late, !adopts, "{phase:?}");
        }
    }
}
