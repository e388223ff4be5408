//! One schedule: what happens, when, in which order, out of a seed; then quiet, in which every dub must come to rest.

mod dispatcher;
mod figures;

use std::{collections::HashSet, time::Duration};

use contract::Phase;
pub(super) use figures::Figures;

use super::{
    dice::Dice,
    provider::Provider,
    queue::{Held, Intended, Queue, Violation},
};
use crate::{
    clock::Moment,
    dispatch::{
        Settings,
        decide::{Roll, create_end},
    },
    provider::CreateAnswer,
    store::{CreateEnd, Evidence, ProviderLimits},
};

/// When every schedule begins.
const START: Moment = Moment(1_700_000_000_000);
/// How many steps a schedule has before the quiet.
const STEPS: u32 = 80;
/// How many dubs it has at most.
const DUBS: usize = 5;
/// The provider's limits here: small, so that schedules meet them.
const TOLD: ProviderLimits = ProviderLimits { running: 2, creates: 3 };
/// How many rounds the quiet may take.
const QUIET_ROUNDS: u32 = 2_000;
/// How long nothing happens between them.
const QUIET_PAUSE: Duration = Duration::from_secs(90);

/// What turns an answer into an end.
pub(super) type Decide = fn(CreateAnswer, u32, &Settings, Moment, Roll) -> CreateEnd;

/// By what a dispatcher goes.
pub(super) struct Rules {
    pub(super) decide: Decide,
    /// What it takes the provider's limits for.
    pub(super) limits: ProviderLimits,
    pub(super) settings: Settings,
}

impl Default for Rules {
    fn default() -> Self {
        Self { decide: create_end, limits: TOLD, settings: Settings::default() }
    }
}

/// Runs the schedule `seed` over an empty `queue`, and writes down its steps where they are asked for.
pub(super) fn run(seed: u64, queue: &mut impl Queue, rules: &Rules, steps: Option<&mut Vec<String>>) -> Held<Figures> {
    let mut schedule = Schedule {
        queue,
        rules,
        dice: Dice::new(seed),
        now: START,
        provider: Provider::new(TOLD),
        intended: Vec::new(),
        answered: Vec::new(),
        figures: Figures::default(),
        dubs: 0,
        deleted: HashSet::new(),
        steps,
    };
    for _ in 0..STEPS {
        schedule.step()?;
    }
    schedule.quiet()?;
    schedule.figures.orders = schedule.provider.orders() as u64;
    Ok(schedule.figures)
}

struct Schedule<'a, Q> {
    queue: &'a mut Q,
    rules: &'a Rules,
    dice: Dice,
    now: Moment,
    provider: Provider,
    /// Creates of which no byte has been sent yet. A crash forgets both lists: that is all that a server knows by heart.
    intended: Vec<Intended>,
    /// Creates whose answer is there and not booked.
    answered: Vec<(Intended, CreateAnswer)>,
    figures: Figures,
    dubs: usize,
    deleted: HashSet<usize>,
    steps: Option<&'a mut Vec<String>>,
}

impl<Q: Queue> Schedule<'_, Q> {
    fn say(&mut self, what: impl FnOnce() -> String) {
        if let Some(steps) = &mut self.steps {
            steps.push(format!("{:>9.3} s  {}", self.now.after(START).as_secs_f64(), what()));
        }
    }

    fn step(&mut self) -> Held {
        self.now = self.now + Duration::from_millis(self.dice.below(50));
        match self.dice.below(100) {
            0..10 => self.insert(),
            10..26 => self.claim(),
            26..42 => self.send(),
            42..55 => self.book(),
            55..67 => self.one_due(Phase::Processing),
            67..74 => self.one_due(Phase::Saving),
            74..83 => self.wait(),
            83..87 => self.crash(),
            87..91 => self.resubmit(),
            91..93 => self.change_of_mind(),
            93..96 => self.one_cancel(),
            _ => self.evidence(),
        }
    }

    fn insert(&mut self) -> Held {
        if self.dubs == DUBS {
            return Ok(());
        }
        let dub = self.dubs;
        self.queue.insert(dub, self.now)?;
        self.provider.add_dub();
        (self.dubs, self.figures.dubs) = (dub + 1, self.figures.dubs + 1);
        self.say(|| format!("dub {dub} is accepted"));
        Ok(())
    }

    /// Seconds mostly, sometimes minutes. Who sends gives up after half a minute, so what is in flight is answered first.
    fn wait(&mut self) -> Held {
        let seconds = if self.dice.falls(80) { 20 } else { 30 * 60 };
        let pause = self.dice.seconds(seconds);
        if pause > Duration::from_secs(30) {
            while !self.intended.is_empty() {
                self.send()?;
            }
            while !self.answered.is_empty() {
                self.book()?;
            }
        }
        self.now = self.now + pause;
        self.say(|| format!("{pause:?} later"));
        Ok(())
    }

    /// What was being sent may have arrived; what was answered is forgotten.
    fn crash(&mut self) -> Held {
        self.say(|| "crash".into());
        self.figures.crashes += 1;
        self.answered.clear();
        for intended in std::mem::take(&mut self.intended) {
            if self.dice.falls(50) {
                self.provider.create_of_the_dead(&intended, self.now, &mut self.dice)?;
                self.say(|| format!("dub {}: its create had arrived", intended.dub));
            }
        }
        self.now = self.now + self.dice.seconds(5);
        self.queue.recover(self.now + self.rules.settings.slot_hold, self.now)
    }

    fn resubmit(&mut self) -> Held {
        let phases = self.phases()?.into_iter();
        let mut unconfirmed = phases.filter_map(|(dub, phase)| (phase == Phase::Unconfirmed).then_some(dub)).collect();
        let Some(dub) = self.dice.take(&mut unconfirmed) else { return Ok(()) };
        self.provider.approve(dub);
        self.figures.approved += 1;
        self.say(|| format!("dub {dub}: its owner accepts a second charge"));
        self.queue.resubmit(dub, self.now)
    }

    /// An owner cancels a dub, or deletes it.
    fn change_of_mind(&mut self) -> Held {
        let mut theirs: Vec<_> = (0..self.dubs).filter(|dub| !self.deleted.contains(dub)).collect();
        let Some(dub) = self.dice.take(&mut theirs) else { return Ok(()) };
        if self.dice.falls(60) {
            self.say(|| format!("dub {dub}: its owner cancels it"));
            self.queue.cancel(dub, self.now)?;
        } else {
            self.say(|| format!("dub {dub}: its owner deletes it"));
            self.deleted.insert(dub);
            self.figures.deleted += 1;
            self.queue.delete(dub, self.now)?;
        }
        let is_over = self.deleted.contains(&dub) || self.queue.phase(dub)? == Phase::Cancelled;
        if is_over && self.intended.iter().all(|intended| intended.dub != dub) {
            self.provider.forbid(dub);
        }
        Ok(())
    }

    /// A webhook, or the provider's list: before the answer, after it was lost, or long after.
    fn evidence(&mut self) -> Held {
        let Some((create, prediction)) = self.provider.seen(&mut self.dice) else { return Ok(()) };
        let over: Vec<_> = self.phases()?.into_iter().filter(|(_, phase)| phase.is_final()).collect();
        let found = self.queue.book_evidence(create, &prediction, self.now)?;
        self.say(|| format!("prediction {} is found: {found:?}", prediction.0));
        match found {
            Evidence::Adopted => self.figures.adopted += 1,
            Evidence::DuplicateSpend | Evidence::Late => self.figures.unwanted += 1,
            Evidence::Known | Evidence::Unclear => {}
        }
        let now = self.phases()?;
        if let Some((dub, phase)) = over.into_iter().find(|was| !now.contains(was)) {
            return Err(Violation(format!("dub {dub} was {phase:?}, and is not any more")));
        }
        Ok(())
    }

    /// Nothing fails any more but creates: everything accepted must end, or be unconfirmed.
    fn quiet(&mut self) -> Held {
        for _ in 0..QUIET_ROUNDS {
            self.claim()?;
            while !self.intended.is_empty() {
                self.send()?;
            }
            while !self.answered.is_empty() {
                self.book()?;
            }
            for phase in [Phase::Processing, Phase::Saving] {
                for due in self.queue.due(phase, self.now)? {
                    self.handle(phase, due, false)?;
                }
            }
            for due in self.queue.cancels_due(self.now)? {
                self.cancel_at_provider(&due, false)?;
            }
            if self.moving()?.is_empty() && self.queue.cancels_due(Moment::NEVER)?.is_empty() {
                return self.count();
            }
            self.now = self.now + QUIET_PAUSE;
        }
        Err(Violation(format!("accepted, and not at rest: {:?}", self.moving()?)))
    }

    fn moving(&mut self) -> Held<Vec<(usize, Phase)>> {
        Ok(self.phases()?.into_iter().filter(|(_, phase)| phase.is_moving()).collect())
    }

    /// The phases of the dubs that their owners still have.
    fn phases(&mut self) -> Held<Vec<(usize, Phase)>> {
        let theirs = (0..self.dubs).filter(|dub| !self.deleted.contains(dub));
        theirs.map(|dub| Ok((dub, self.queue.phase(dub)?))).collect()
    }

    fn count(&mut self) -> Held {
        for (_, phase) in self.phases()? {
            match phase {
                Phase::Succeeded => self.figures.succeeded += 1,
                Phase::Unconfirmed => self.figures.unconfirmed += 1,
                Phase::Cancelled => self.figures.cancelled += 1,
                _ => {}
            }
        }
        Ok(())
    }
}
