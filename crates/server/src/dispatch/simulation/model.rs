//! The queue in a few vectors: which arrows there are, which limits hold, and nothing else.

use contract::{DubId, Phase};

use super::queue::{Held, Intended, Queue, Violation};
use crate::{
    clock::Moment,
    store::{
        CancelDue, CancelEnd, CancelStep, CancelWhy, CreateEnd, CreateId, Due, Evidence, PredictionId, ProviderLimits,
        SaveEnd, Seen,
    },
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

impl Queue for Model {
    fn insert(&mut self, dub: usize, now: Moment) -> Held {
        assert_eq!(dub, self.dubs.len(), "dubs are numbered as they come");
        self.dubs.push(Dub {
            phase: Phase::Queued,
            queued_at: now,
            due_at: now,
            tries: 0,
            missing_since: None,
            started_at: now,
            result_url: None,
            create: usize::MAX,
            is_unwanted: false,
            is_deleted: false,
        });
        Ok(())
    }

    fn claim(&mut self, limits: ProviderLimits, now: Moment) -> Held<Option<Intended>> {
        let queued = (0..self.dubs.len()).filter(|dub| self.dubs[*dub].phase == Phase::Queued);
        let Some(first) = queued.min_by_key(|dub| (self.dubs[*dub].queued_at, *dub)) else { return Ok(None) };
        Ok(self.forbids(first, limits, now).is_none().then(|| self.intend(first)))
    }

    fn end_create(&mut self, create: CreateId, end: CreateEnd, now: Moment) -> Held {
        let number = number(create);
        let ended = &mut self.creates[number];
        let (dub, is_in_flight) = (ended.dub, ended.ended_at.is_none());
        if let CreateEnd::Accepted { prediction, poll_at } = end {
            if is_in_flight {
                self.open_gate(now);
            }
            if self.creates[number].prediction.is_none() {
                self.take(number, prediction, poll_at, now);
            }
            return Ok(());
        }
        if !is_in_flight {
            return Ok(());
        }
        (ended.ended_at, ended.slot_until) = (Some(now), now);
        match end {
            CreateEnd::Accepted { .. } => {}
            CreateEnd::NotSent { retry_at, .. } => {
                ended.was_sent = false;
                self.close_gate(retry_at);
                self.requeue(dub);
            }
            CreateEnd::TurnedAway { retry_at, .. } => {
                self.close_gate(retry_at);
                self.requeue(dub);
                self.dubs[dub].queued_at = now;
            }
            CreateEnd::Refused(_) => {
                self.open_gate(now);
                self.dubs[dub].phase = Phase::Failed;
            }
            CreateEnd::Unknown { slot_until, .. } => {
                ended.slot_until = slot_until;
                self.dubs[dub].phase = self.dubs[dub].unless_unwanted(Phase::Unconfirmed);
            }
        }
        Ok(())
    }

    fn recover(&mut self, slot_until: Moment, now: Moment) -> Held {
        for create in self.creates.iter_mut().filter(|create| create.ended_at.is_none()) {
            (create.ended_at, create.slot_until) = (Some(now), slot_until);
        }
        let to = if self.requeues_at_recovery { Phase::Queued } else { Phase::Unconfirmed };
        for dub in self.dubs.iter_mut().filter(|dub| dub.phase == Phase::Submitting) {
            dub.phase = dub.unless_unwanted(to);
        }
        Ok(())
    }

    fn due(&mut self, phase: Phase, now: Moment) -> Held<Vec<(usize, Due)>> {
        let is_due = |dub: &(usize, &Dub)| dub.1.phase == phase && dub.1.due_at <= now;
        let due = |(number, dub): (usize, &Dub)| {
            let prediction = self.creates[dub.create].prediction.clone();
            let prediction = prediction.ok_or_else(|| Violation(format!("dub {number} has no prediction")))?;
            let due = Due {
                dub: DubId(number.to_string()),
                prediction,
                tries: dub.tries,
                missing_since: dub.missing_since,
                started_at: dub.started_at,
                result_url: dub.result_url.clone(),
            };
            Ok((number, due))
        };
        self.dubs.iter().enumerate().filter(is_due).map(due).collect()
    }

    fn book_seen(&mut self, dub: usize, seen: Seen, now: Moment) -> Held {
        let found = &mut self.dubs[dub];
        if found.phase != Phase::Processing {
            return Ok(());
        }
        let create = &mut self.creates[found.create];
        if !matches!(seen, Seen::Running { .. }) {
            create.cancel_at = None;
        }
        let slot_until = &mut create.slot_until;
        match seen {
            Seen::Running { poll_at, tries, missing_since } => {
                (found.due_at, found.tries, found.missing_since) = (poll_at, tries, missing_since);
            }
            Seen::Done { result_url, .. } => {
                let phase = if found.is_deleted { Phase::Cancelled } else { Phase::Saving };
                (found.phase, found.due_at, found.tries) = (phase, now, 0);
                (found.result_url, *slot_until) = (Some(result_url), now);
            }
            Seen::Failed { .. } => (found.phase, *slot_until) = (Phase::Failed, now),
            Seen::Cancelled => (found.phase, *slot_until) = (Phase::Cancelled, now),
            Seen::Lost { slot_until: until, .. } => {
                (found.phase, *slot_until) = (found.unless_unwanted(Phase::Unconfirmed), until);
            }
        }
        Ok(())
    }

    fn book_save(&mut self, dub: usize, end: SaveEnd, _: Moment) -> Held {
        let dub = &mut self.dubs[dub];
        if dub.phase == Phase::Saving {
            match end {
                _ if dub.is_deleted => dub.phase = Phase::Cancelled,
                SaveEnd::Saved(..) => dub.phase = Phase::Succeeded,
                SaveEnd::Retry(at) => (dub.due_at, dub.tries) = (at, dub.tries + 1),
                SaveEnd::Failed(_) => dub.phase = Phase::Failed,
            }
        }
        Ok(())
    }

    fn resubmit(&mut self, dub: usize, now: Moment) -> Held {
        let dub = &mut self.dubs[dub];
        if dub.phase == Phase::Unconfirmed {
            (dub.phase, dub.queued_at, dub.due_at, dub.tries) = (Phase::Queued, now, now, 0);
            dub.missing_since = None;
        }
        Ok(())
    }

    fn cancel(&mut self, dub: usize, now: Moment) -> Held {
        match CancelStep::of(self.dubs[dub].phase) {
            CancelStep::AtOnce => self.dubs[dub].phase = Phase::Cancelled,
            CancelStep::Noted => self.note(dub, now),
            CancelStep::Already | CancelStep::TooLate => {}
        }
        Ok(())
    }

    fn cancels_due(&mut self, now: Moment) -> Held<Vec<CancelDue>> {
        let is_due = |create: &(usize, &Create)| create.1.cancel_at.is_some_and(|at| at <= now);
        let due = |(number, create): (usize, &Create)| {
            Some(CancelDue {
                create: id(number),
                dub: DubId(create.dub.to_string()),
                prediction: create.prediction.clone()?,
                why: match create.booked_as {
                    None => CancelWhy::Owner,
                    Some(Evidence::DuplicateSpend) => CancelWhy::DuplicateSpend,
                    Some(_) => CancelWhy::Late,
                },
                tries: create.cancel_tries,
            })
        };
        Ok(self.creates.iter().enumerate().filter(is_due).filter_map(due).collect())
    }

    fn book_cancel(&mut self, create: CreateId, end: CancelEnd, now: Moment) -> Held {
        let number = number(create);
        let found = &mut self.creates[number];
        if found.cancel_at.is_some() {
            found.cancel_at = if let CancelEnd::Retry(at) = end { Some(at) } else { None };
            found.cancel_tries += 1;
            if end == CancelEnd::Over {
                found.slot_until = found.slot_until.min(now);
            }
        }
        let dub = &mut self.dubs[self.creates[number].dub];
        if end == CancelEnd::Asked && dub.create == number && dub.phase == Phase::Processing {
            dub.due_at = now;
        }
        Ok(())
    }

    fn book_evidence(&mut self, create: CreateId, prediction: &PredictionId, now: Moment) -> Held<Evidence> {
        let number = number(create);
        let dub = self.creates[number].dub;
        let holder = self.creates.iter().position(|create| create.prediction.as_ref() == Some(prediction));
        let is_unclear = (0..self.creates.len())
            .any(|other| other != number && self.creates[other].dub == dub && self.creates[other].ended_at.is_none());
        Ok(match holder {
            Some(holder) if holder == number => self.find_again(number, now),
            Some(_) => Evidence::Known,
            None if is_unclear => Evidence::Unclear,
            None => self.take(number, prediction.clone(), now, now),
        })
    }

    fn delete(&mut self, dub: usize, now: Moment) -> Held {
        if CancelStep::of(self.dubs[dub].phase) == CancelStep::AtOnce {
            self.dubs[dub].phase = Phase::Cancelled;
        }
        self.note(dub, now);
        self.dubs[dub].is_deleted = true;
        Ok(())
    }

    fn phase(&mut self, dub: usize) -> Held<Phase> {
        Ok(self.dubs[dub].phase)
    }
}
