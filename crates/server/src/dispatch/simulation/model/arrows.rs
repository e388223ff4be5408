//! The model's arrows: from which phase a dub goes where, and what becomes of its slot, its gate and its evidence.

use contract::{DubId, Phase};

use super::{Create, Dub, Model, id, number};
use crate::{
    clock::Moment,
    dispatch::simulation::queue::{Held, Intended, Queue, Violation},
    store::{
        CancelDue, CancelEnd, CancelStep, CancelWhy, CreateEnd, CreateId, Due, Evidence, PredictionId, ProviderLimits,
        SaveEnd, Seen,
    },
};

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

    fn claim_all(&mut self, limits: ProviderLimits, now: Moment) -> Held<Vec<Intended>> {
        let mut claimed = Vec::new();
        while let Some(first) = self.first_allowed(limits, now) {
            claimed.push(self.intend(first));
        }
        Ok(claimed)
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
