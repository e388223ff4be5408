//! What a schedule needs of the store: the part of it that decides about money and order.

use contract::Phase;

use crate::{
    clock::Moment,
    store::{CancelDue, CancelEnd, CreateEnd, CreateId, Due, Evidence, PredictionId, ProviderLimits, SaveEnd, Seen},
};

/// A promise that was broken, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation(pub(super) String);

/// What was done, unless it breaks a promise.
pub(super) type Held<T = ()> = Result<T, Violation>;

/// The intent to send one create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Intended {
    pub(super) create: CreateId,
    pub(super) dub: usize,
    pub(super) tries: u32,
}

/// A queue of dubs, which have numbers here. See [`Store`](crate::store::Store) for what each function promises.
pub(super) trait Queue {
    fn insert(&mut self, dub: usize, now: Moment) -> Held;
    fn claim_all(&mut self, limits: ProviderLimits, now: Moment) -> Held<Vec<Intended>>;
    fn end_create(&mut self, create: CreateId, end: CreateEnd, now: Moment) -> Held;
    fn recover(&mut self, slot_until: Moment, now: Moment) -> Held;
    fn due(&mut self, phase: Phase, now: Moment) -> Held<Vec<(usize, Due)>>;
    fn book_seen(&mut self, dub: usize, seen: Seen, now: Moment) -> Held;
    fn book_save(&mut self, dub: usize, end: SaveEnd, now: Moment) -> Held;
    fn resubmit(&mut self, dub: usize, now: Moment) -> Held;
    fn cancel(&mut self, dub: usize, now: Moment) -> Held;
    fn cancels_due(&mut self, now: Moment) -> Held<Vec<CancelDue>>;
    fn book_cancel(&mut self, create: CreateId, end: CancelEnd, now: Moment) -> Held;
    fn book_evidence(&mut self, create: CreateId, prediction: &PredictionId, now: Moment) -> Held<Evidence>;
    fn delete(&mut self, dub: usize, now: Moment) -> Held;
    /// Of a dub that is not deleted.
    fn phase(&mut self, dub: usize) -> Held<Phase>;
}
