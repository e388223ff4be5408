//! The queue in a few vectors: which arrows there are, which limits hold, and nothing else.

use contract::{DubId, Phase};

use super::queue::{Held, Intended, Queue, Violation};
use crate::{
    clock::Moment,
    store::{CreateEnd, CreateId, Due, PredictionId, ProviderLimits, SaveEnd, Seen},
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
}

#[derive(Debug)]
struct Create {
    dub: usize,
    ended_at: Option<Moment>,
    was_sent: bool,
    prediction: Option<PredictionId>,
    slot_until: Moment,
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
        self.creates.push(Create { dub, ended_at: None, was_sent: true, prediction: None, slot_until: Moment::NEVER });
        let found = &mut self.dubs[dub];
        (found.phase, found.create) = (Phase::Submitting, create);
        Intended { create: id(create), dub, tries: found.tries }
    }

    fn requeue(&mut self, dub: usize) {
        let dub = &mut self.dubs[dub];
        (dub.phase, dub.tries) = (Phase::Queued, dub.tries + 1);
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
        });
        Ok(())
    }

    fn claim(&mut self, limits: ProviderLimits, now: Moment) -> Held<Option<Intended>> {
        let queued = (0..self.dubs.len()).filter(|dub| self.dubs[*dub].phase == Phase::Queued);
        let Some(first) = queued.min_by_key(|dub| (self.dubs[*dub].queued_at, *dub)) else { return Ok(None) };
        Ok(self.forbids(first, limits, now).is_none().then(|| self.intend(first)))
    }

    fn end_create(&mut self, create: CreateId, end: CreateEnd, now: Moment) -> Held {
        let number = usize::try_from(create.0).unwrap_or(usize::MAX);
        let ended = &mut self.creates[number];
        let dub = ended.dub;
        (ended.ended_at, ended.slot_until) = (Some(now), now);
        match end {
            CreateEnd::Accepted { prediction, poll_at } => {
                (ended.slot_until, ended.prediction) = (Moment::NEVER, Some(prediction));
                self.open_gate(now);
                let dub = &mut self.dubs[dub];
                (dub.phase, dub.started_at, dub.due_at) = (Phase::Processing, now, poll_at);
                (dub.tries, dub.missing_since) = (0, None);
            }
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
                self.dubs[dub].phase = Phase::Unconfirmed;
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
            dub.phase = to;
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
        let slot_until = &mut self.creates[found.create].slot_until;
        match seen {
            Seen::Running { poll_at, tries, missing_since } => {
                (found.due_at, found.tries, found.missing_since) = (poll_at, tries, missing_since);
            }
            Seen::Done { result_url, .. } => {
                (found.phase, found.due_at, found.tries) = (Phase::Saving, now, 0);
                (found.result_url, *slot_until) = (Some(result_url), now);
            }
            Seen::Failed { .. } => (found.phase, *slot_until) = (Phase::Failed, now),
            Seen::Cancelled => (found.phase, *slot_until) = (Phase::Cancelled, now),
            Seen::Lost { slot_until: until, .. } => (found.phase, *slot_until) = (Phase::Unconfirmed, until),
        }
        Ok(())
    }

    fn book_save(&mut self, dub: usize, end: SaveEnd, _: Moment) -> Held {
        let dub = &mut self.dubs[dub];
        if dub.phase == Phase::Saving {
            match end {
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

    fn phase(&mut self, dub: usize) -> Held<Phase> {
        Ok(self.dubs[dub].phase)
    }
}
