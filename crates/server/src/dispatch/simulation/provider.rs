//! The provider of a schedule: it takes orders, and counts them as its bill would.

use contract::Metrics;

use super::{
    dice::Dice,
    queue::{Held, Intended, Violation},
};
use crate::{
    clock::Moment,
    provider::{CancelAnswer, CreateAnswer, ReadAnswer},
    store::{CreateId, PredictionId, ProviderLimits, ShutReason},
};

/// How long a prediction runs at most, in seconds: less than an unconfirmed create keeps its slot.
const RUNS_AT_MOST_S: u64 = 20 * 60;

#[derive(Debug)]
struct Order {
    dub: usize,
    create: CreateId,
    at: Moment,
    until: Moment,
    end: ReadAnswer,
}

/// What was ordered, and when anything arrived.
#[derive(Debug)]
pub(super) struct Provider {
    limits: ProviderLimits,
    orders: Vec<Order>,
    arrivals: Vec<Moment>,
    /// How many orders the owner of each dub has approved.
    approved: Vec<usize>,
}

impl Provider {
    pub(super) fn new(limits: ProviderLimits) -> Self {
        Self { limits, orders: Vec::new(), arrivals: Vec::new(), approved: Vec::new() }
    }

    /// A new dub: one order of it is approved.
    pub(super) fn add_dub(&mut self) {
        self.approved.push(1);
    }

    /// The owner of `dub` accepts a second charge.
    pub(super) fn approve(&mut self, dub: usize) {
        self.approved[dub] += 1;
    }

    /// The owner of `dub` wants no more of it, and none is on its way: whatever comes now must not.
    pub(super) fn forbid(&mut self, dub: usize) {
        self.approved[dub] = self.orders.iter().filter(|order| order.dub == dub).count();
    }

    /// A create arrives and is answered, with every way that an answer can be lost.
    pub(super) fn create(&mut self, sent: &Intended, now: Moment, dice: &mut Dice) -> Held<CreateAnswer> {
        if dice.falls(6) {
            return Ok(CreateAnswer::NotSent("no connection".into()));
        }
        self.arrive(now)?;
        Ok(match dice.below(100) {
            0..64 => CreateAnswer::Accepted(self.take(sent, now, dice)?),
            64..75 => {
                self.take(sent, now, dice)?;
                CreateAnswer::Unknown("timed out after it was taken".into())
            }
            75..84 => CreateAnswer::Unknown("timed out before it was taken".into()),
            84..90 => CreateAnswer::RateLimited { retry_after: dice.falls(50).then(|| dice.seconds(20)) },
            90..93 => CreateAnswer::Shut(ShutReason::BalanceTooLow),
            93..95 => CreateAnswer::Shut(ShutReason::KeyRefused),
            _ => CreateAnswer::Refused("no".into()),
        })
    }

    /// A create arrives and is taken, and nobody is there to hear it.
    pub(super) fn create_of_the_dead(&mut self, sent: &Intended, now: Moment, dice: &mut Dice) -> Held {
        self.arrive(now)?;
        self.take(sent, now, dice).map(drop)
    }

    /// Takes an order, unless a promise forbids that it was ever sent.
    fn take(&mut self, sent: &Intended, now: Moment, dice: &mut Dice) -> Held<PredictionId> {
        let dub = sent.dub;
        let end = match dice.below(100) {
            0..80 => done(Some("https://cdn.example/result.mp4")),
            80..85 => ReadAnswer::Failed { reason: None, metrics: Metrics::default() },
            85..90 => ReadAnswer::Cancelled,
            90..95 => done(None),
            _ => ReadAnswer::Missing,
        };
        self.orders.push(Order { dub, create: sent.create, at: now, until: now + dice.seconds(RUNS_AT_MOST_S), end });
        let bought = self.orders.iter().filter(|order| order.dub == dub).count();
        if bought > self.approved[dub] {
            let approved = self.approved[dub];
            return Err(Violation(format!("dub {dub} was bought {bought} times, and its owner approved {approved}")));
        }
        let running = self.orders.iter().filter(|order| order.at <= now && now < order.until).count();
        if running > self.limits.running as usize {
            return Err(Violation(format!("{running} run at once, and {} may", self.limits.running)));
        }
        Ok(PredictionId((self.orders.len() - 1).to_string()))
    }

    fn arrive(&mut self, now: Moment) -> Held {
        self.arrivals.push(now);
        let recent = self.arrivals.iter().filter(|at| now.after(**at) < ProviderLimits::WINDOW).count();
        if recent > self.limits.creates as usize {
            return Err(Violation(format!("{recent} creates within a minute, and {} may be", self.limits.creates)));
        }
        Ok(())
    }

    /// What a look at `prediction` shows; where looks fail, one in seven does.
    pub(super) fn read(&self, prediction: &PredictionId, now: Moment, fails: bool, dice: &mut Dice) -> ReadAnswer {
        let order = &self.orders[prediction.0.parse::<usize>().unwrap()];
        match dice.below(14) {
            0 if fails => ReadAnswer::Unreadable("500".into()),
            1 if fails => ReadAnswer::Missing,
            _ if order.end == ReadAnswer::Missing => ReadAnswer::Missing,
            _ if now < order.until => ReadAnswer::Running(None),
            _ => order.end.clone(),
        }
    }

    /// An order that can be seen, and the create that it came from: what a webhook or the list tells of.
    pub(super) fn seen(&self, dice: &mut Dice) -> Option<(CreateId, PredictionId)> {
        let is_seen = |order: &usize| self.orders[*order].end != ReadAnswer::Missing;
        let mut seen: Vec<_> = (0..self.orders.len()).filter(is_seen).collect();
        dice.take(&mut seen).map(|order| (self.orders[order].create, PredictionId(order.to_string())))
    }

    /// An order is to be cancelled; one that runs may be over with that.
    pub(super) fn cancel(&mut self, prediction: &PredictionId, now: Moment, dice: &mut Dice) -> CancelAnswer {
        let order = &mut self.orders[prediction.0.parse::<usize>().unwrap()];
        match dice.below(10) {
            0 => CancelAnswer::Passing("500".into()),
            1 => CancelAnswer::Impossible("no".into()),
            _ if order.end == ReadAnswer::Missing => CancelAnswer::Missing,
            _ => {
                if now < order.until && dice.falls(80) {
                    (order.until, order.end) = (now, ReadAnswer::Cancelled);
                }
                CancelAnswer::Asked
            }
        }
    }

    /// How many orders it has taken.
    pub(super) fn orders(&self) -> usize {
        self.orders.len()
    }
}

fn done(result_url: Option<&str>) -> ReadAnswer {
    ReadAnswer::Done { result_url: result_url.map(str::to_owned), metrics: Metrics::default() }
}
