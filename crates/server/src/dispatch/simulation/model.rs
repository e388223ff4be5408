//! The queue in a few vectors: what is known of dubs and creates, which limits hold, and nothing else. Which arrows there
//! are stands in [`arrows`].

mod arrows;

use contract::Phase;

use super::queue::Intended;
use crate::{
    clock::Moment,
    store::{CreateId, Evidence, PredictionId, ProviderLimits},
};

#[derive(Debug)]
struct Dub {
    phase: Phase,
    queued_at: Moment,
    due_at: Moment,
    tries: u32,
    missing_since: Option<Moment>,
    started_at: Moment,
    result_url: Option<String>,
    create: usize,
    is_unwanted: bool,
    is_deleted: bool,
}

impl Dub {
    /// Where it goes instead of `phase`, which is not final, if its owner wants it cancelled.
    fn unless_unwanted(&self, phase: Phase) -> Phase {
        if self.is_unwanted { Phase::Cancelled } else { phase }
    }
}

#[derive(Debug)]
struct Create {
    dub: usize,
    ended_at: Option<Moment>,
    was_sent: bool,
    prediction: Option<PredictionId>,
    slot_until: Moment,
    /// Booked as what nobody wants.
    booked_as: Option<Evidence>,
    cancel_at: Option<Moment>,
    cancel_tries: u32,
}

/// A queue without a disk.
#[derive(Debug, Default)]
pub(super) struct Model {
    dubs: Vec<Dub>,
    creates: Vec<Create>,
    closed_until: Option<Moment>,
    is_probing: bool,
    requeues_at_recovery: bool,
}

impl Model {
    /// One with a mistake, for a test of the tests: what was in flight at a crash is queued again.
    pub(super) fn requeueing_at_recovery() -> Self {
        Self { requeues_at_recovery: true, ..Self::default() }
    }

    /// Why a create for `dub` must not be sent now.
    pub(super) fn forbids(&self, dub: usize, limits: ProviderLimits, now: Moment) -> Option<&'static str> {
        let in_flight = self.creates.iter().filter(|create| create.ended_at.is_none()).count();
        let slots = self.creates.iter().filter(|create| create.slot_until > now).count();
        let is_counted = |ended: Moment| ended > now - ProviderLimits::WINDOW;
        let recent =
            self.creates.iter().filter(|c| c.ended_at.is_none_or(|ended| c.was_sent && is_counted(ended))).count();
        [
            (self.dubs[dub].phase != Phase::Queued, "it is not in the queue"),
            (self.closed_until > Some(now), "the gate is closed"),
            (self.is_probing && in_flight > 0, "another create probes the gate"),
            (slots >= limits.running as usize, "every slot is in use"),
            (recent >= limits.creates as usize, "the minute is used up"),
        ]
        .into_iter()
        .find_map(|(is_so, why)| is_so.then_some(why))
    }

    /// The dub that waits longest, if a create for it may be sent now.
    pub(super) fn first_allowed(&self, limits: ProviderLimits, now: Moment) -> Option<usize> {
        let queued = (0..self.dubs.len()).filter(|dub| self.dubs[*dub].phase == Phase::Queued);
        let first = queued.min_by_key(|dub| (self.dubs[*dub].queued_at, *dub))?;
        self.forbids(first, limits, now).is_none().then_some(first)
    }

    /// Writes the intent to send `dub`.
    pub(super) fn intend(&mut self, dub: usize) -> Intended {
        let create = self.creates.len();
        self.creates.push(Create {
            dub,
            ended_at: None,
            was_sent: true,
            prediction: None,
            slot_until: Moment::NEVER,
            booked_as: None,
            cancel_at: None,
            cancel_tries: 0,
        });
        let found = &mut self.dubs[dub];
        (found.phase, found.create) = (Phase::Submitting, create);
        Intended { create: id(create), dub, tries: found.tries }
    }

    fn requeue(&mut self, dub: usize) {
        let dub = &mut self.dubs[dub];
        (dub.phase, dub.tries) = (dub.unless_unwanted(Phase::Queued), dub.tries + 1);
    }

    fn note(&mut self, dub: usize, now: Moment) {
        let dub = &mut self.dubs[dub];
        dub.is_unwanted = true;
        if dub.phase == Phase::Processing {
            let create = &mut self.creates[dub.create];
            if create.cancel_at.is_none() {
                (create.cancel_at, create.cancel_tries) = (Some(now), 0);
            }
        }
    }

    /// A create turns out to have made `prediction`.
    fn take(&mut self, create: usize, prediction: PredictionId, poll_at: Moment, now: Moment) -> Evidence {
        let dub = &self.dubs[self.creates[create].dub];
        let found = Evidence::of(dub.phase, self.creates[dub.create].prediction.is_some());
        let taken = &mut self.creates[create];
        (taken.ended_at, taken.prediction) = (taken.ended_at.or(Some(now)), Some(prediction));
        self.stand_on(create, found, poll_at, now);
        found
    }

    /// A prediction of a create is there again, which the provider had lost sight of.
    fn find_again(&mut self, create: usize, now: Moment) -> Evidence {
        let known = &self.creates[create];
        let dub = &self.dubs[known.dub];
        let holds_for_now = known.slot_until > now && known.slot_until < Moment::NEVER;
        let is_awaited = dub.phase == Phase::Unconfirmed && dub.create == create;
        if known.booked_as.is_some() || !(holds_for_now || is_awaited) {
            return Evidence::Known;
        }
        let has_another = dub.create != create && self.creates[dub.create].prediction.is_some();
        let found = Evidence::of(dub.phase, has_another);
        self.stand_on(create, found, now, now);
        found
    }

    fn stand_on(&mut self, create: usize, found: Evidence, poll_at: Moment, now: Moment) {
        let stood_on = &mut self.creates[create];
        let dub = &mut self.dubs[stood_on.dub];
        let is_booked = found != Evidence::Adopted;
        (stood_on.slot_until, stood_on.cancel_tries) = (Moment::NEVER, 0);
        stood_on.booked_as = is_booked.then_some(found);
        stood_on.cancel_at = (is_booked || dub.is_unwanted).then_some(now);
        if !is_booked {
            (dub.phase, dub.create, dub.due_at) = (Phase::Processing, create, poll_at);
            (dub.tries, dub.missing_since) = (0, None);
            dub.started_at = stood_on.ended_at.unwrap_or(now);
        }
    }

    fn close_gate(&mut self, until: Moment) {
        (self.closed_until, self.is_probing) = (self.closed_until.max(Some(until)), true);
    }

    fn open_gate(&mut self, now: Moment) {
        if self.closed_until <= Some(now) {
            (self.closed_until, self.is_probing) = (None, false);
        }
    }
}

fn id(create: usize) -> CreateId {
    CreateId(i64::try_from(create).unwrap_or(i64::MAX))
}

fn number(create: CreateId) -> usize {
    usize::try_from(create.0).unwrap_or(usize::MAX)
}
