//! What the dispatcher does in a schedule, a step at a time: it goes by the functions of [`decide`](crate::dispatch::decide).

use contract::Phase;

use super::Schedule;
use crate::{
    dispatch::{
        decide::{Roll, cancel_end, save_failure, seen},
        simulation::queue::{Held, Queue},
    },
    media::FetchError,
    store::{CancelDue, CancelWhy, Due, SaveEnd, samples},
};

impl<Q: Queue> Schedule<'_, Q> {
    pub(super) fn claim(&mut self) -> Held {
        for intended in self.queue.claim_all(self.rules.limits, self.now)? {
            let dub = intended.dub;
            self.say(|| format!("dub {dub}: the intent is written"));
            self.intended.push(intended);
        }
        Ok(())
    }

    pub(super) fn send(&mut self) -> Held {
        if let Some(intended) = self.dice.take(&mut self.intended) {
            let answer = self.provider.create(&intended, self.now, &mut self.dice)?;
            let dub = intended.dub;
            self.say(|| format!("dub {dub}: the create ends in {answer:?}"));
            self.answered.push((intended, answer));
        }
        Ok(())
    }

    pub(super) fn book(&mut self) -> Held {
        let Some((intended, answer)) = self.dice.take(&mut self.answered) else { return Ok(()) };
        let roll = Roll::of(self.dice.share());
        let end = (self.rules.decide)(answer, intended.tries, &self.rules.settings, self.now, roll);
        let dub = intended.dub;
        self.say(|| format!("dub {dub}: booked as {end:?}"));
        self.queue.end_create(intended.create, end, self.now)
    }

    pub(super) fn one_due(&mut self, phase: Phase) -> Held {
        let mut due = self.queue.due(phase, self.now)?;
        self.dice.take(&mut due).map_or(Ok(()), |due| self.handle(phase, due, true))
    }

    pub(super) fn handle(&mut self, phase: Phase, (dub, due): (usize, Due), fails: bool) -> Held {
        if phase == Phase::Processing { self.look(dub, &due, fails) } else { self.save(dub, &due, fails) }
    }

    fn look(&mut self, dub: usize, due: &Due, fails: bool) -> Held {
        let answer = self.provider.read(&due.prediction, self.now, fails, &mut self.dice);
        let roll = Roll::of(self.dice.share());
        let seen = seen(answer, due, &self.rules.settings, self.now, roll);
        self.say(|| format!("dub {dub}: seen as {seen:?}"));
        self.queue.book_seen(dub, seen, self.now)
    }

    fn save(&mut self, dub: usize, due: &Due, fails: bool) -> Held {
        let failure = match self.dice.below(8) {
            0 if fails => Some(FetchError::Status(http::StatusCode::BAD_GATEWAY)),
            1 if fails => Some(FetchError::NotAVideo),
            _ => None,
        };
        let roll = Roll::of(self.dice.share());
        let end = match failure {
            Some(error) => save_failure(&error, due, &self.rules.settings, self.now, roll),
            None => SaveEnd::Saved(samples::result(), self.now + self.rules.settings.link_life),
        };
        self.say(|| format!("dub {dub}: its result ends in {end:?}"));
        self.queue.book_save(dub, end, self.now)
    }

    pub(super) fn one_cancel(&mut self) -> Held {
        let mut due = self.queue.cancels_due(self.now)?;
        self.dice.take(&mut due).map_or(Ok(()), |due| self.cancel_at_provider(&due, true))
    }

    pub(super) fn cancel_at_provider(&mut self, due: &CancelDue, fails: bool) -> Held {
        let asked = self.provider.cancel(&due.prediction, self.now, &mut self.dice);
        let read = match due.why {
            CancelWhy::Owner => None,
            _ => Some(self.provider.read(&due.prediction, self.now, fails, &mut self.dice)),
        };
        let roll = Roll::of(self.dice.share());
        let end = cancel_end(&asked, read.as_ref(), due, &self.rules.settings, self.now, roll);
        self.say(|| format!("dub {}: its cancel ends in {end:?}", due.dub.0));
        self.queue.book_cancel(due.create, end, self.now)
    }
}
