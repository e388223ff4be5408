//! The dispatcher under random schedules, thousands a second, in time that only a schedule moves.
//!
//! A schedule is a seed: from it come visitors, a provider that loses answers, reads that fail, crashes at any point, evidence
//! at any time, and owners who approve a second charge, cancel and delete. What is run is what the server runs, the functions of [`decide`](super::decide),
//! over a [`Queue`](queue::Queue): the small [`Model`](model::Model) for speed, and the real store in
//! [`Lockstep`](lockstep::Lockstep) with it, so that the model says nothing that the store does not do. The promises are
//! asserted by [`Provider`](provider::Provider), by what it has been sent, and at the end of each schedule.
//!
//! A seed that breaks a promise is printed with its steps. `REDUB_SEED=N` runs that one alone, `REDUB_SCHEDULES=N` runs more.

mod dice;
mod lockstep;
mod model;
mod provider;
mod queue;
mod schedule;

use std::time::Instant;

use lockstep::Lockstep;
use model::Model;
use queue::{Queue, Violation};
use schedule::{Figures, Rules, run};

use super::{
    Settings,
    decide::{Roll, create_end},
};
use crate::{clock::Moment, provider::CreateAnswer, store::CreateEnd};

/// How many schedules the model gets in a test run.
const SCHEDULES: u64 = 5_000;
/// How many the real store gets, which writes to a disk.
const STORED_SCHEDULES: u64 = 40;
/// Within how many schedules a mistake must be caught.
const CAUGHT_WITHIN: u64 = 2_000;

/// The number in the environment variable `name`.
fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// Runs one schedule; one that breaks a promise is run again for its steps, and they are printed.
fn hold<Q: Queue>(seed: u64, rules: &Rules, mut queue: impl FnMut() -> Q) -> Figures {
    match run(seed, &mut queue(), rules, None) {
        Ok(figures) => figures,
        Err(Violation(violation)) => {
            let mut steps = Vec::new();
            let _ = run(seed, &mut queue(), rules, Some(&mut steps));
            panic!("seed {seed}: {violation}\n{}\nREDUB_SEED={seed} replays it", steps.join("\n"));
        }
    }
}

/// The first of the first schedules that breaks a promise.
fn caught(rules: &Rules) -> Option<(u64, Violation)> {
    (0..CAUGHT_WITHIN).find_map(|seed| Some((seed, run(seed, &mut Model::default(), rules, None).err()?)))
}

#[test]
fn the_promises_hold_under_every_schedule() {
    let rules = Rules::default();
    let seeds = match number("REDUB_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("REDUB_SCHEDULES").unwrap_or(SCHEDULES),
    };
    let (started, mut all) = (Instant::now(), Figures::default());
    for seed in seeds.clone() {
        all += hold(seed, &rules, Model::default);
    }
    let number = seeds.end - seeds.start;
    let rate = u128::from(number) * 1_000 / started.elapsed().as_millis().max(1);
    eprintln!("{number} schedules, {rate} a second: {all:?}");
    if number >= SCHEDULES {
        assert!(all.crashes > 0 && all.unconfirmed > 0 && all.approved > 0 && all.succeeded > 0, "{all:?}");
        assert!(all.cancelled > 0 && all.deleted > 0 && all.adopted > 0 && all.unwanted > 0, "{all:?}");
    }
}

#[test]
fn the_store_keeps_the_promises_under_the_same_schedules_and_does_as_the_model_says() {
    let folder = tempfile::tempdir().unwrap();
    let seeds = number("REDUB_SEED").map_or(0..STORED_SCHEDULES, |seed| seed..seed + 1);
    let mut opened = 0;
    for seed in seeds {
        hold(seed, &Rules::default(), || {
            opened += 1;
            Lockstep::open(&folder.path().join(format!("{opened}.sqlite")))
        });
    }
}

#[test]
fn a_seed_replays_the_same_steps() {
    let steps = |seed| {
        let mut steps = Vec::new();
        let held = run(seed, &mut Model::default(), &Rules::default(), Some(&mut steps));
        assert!(held.is_ok());
        steps
    };
    assert_eq!(steps(7), steps(7));
    assert_ne!(steps(7), steps(8));
}

/// What must never be written: a create whose answer did not come is taken for one that was not sent.
fn retrying(answer: CreateAnswer, tries: u32, settings: &Settings, now: Moment, roll: Roll) -> CreateEnd {
    let answer = match answer {
        CreateAnswer::Unknown(cause) => CreateAnswer::NotSent(cause),
        answer => answer,
    };
    create_end(answer, tries, settings, now, roll)
}

#[test]
fn a_create_retried_after_a_time_out_is_caught() {
    let rules = Rules { decide: retrying, ..Rules::default() };
    let (seed, Violation(violation)) = caught(&rules).expect("it must be caught");
    assert!(violation.contains("bought"), "{violation}");
    let again = run(seed, &mut Model::default(), &rules, None);
    assert_eq!(again.unwrap_err().0, violation, "the seed replays it");
}

#[test]
fn a_dispatcher_that_lets_too_many_run_or_be_sent_is_caught() {
    let told = Rules::default().limits;
    for (limits, word) in [
        (crate::store::ProviderLimits { running: told.running + 1, ..told }, "run at once"),
        (crate::store::ProviderLimits { creates: told.creates + 1, running: told.running }, "within a minute"),
    ] {
        let rules = Rules { limits, ..Rules::default() };
        let (_, Violation(violation)) = caught(&rules).expect("it must be caught");
        assert!(violation.contains(word), "{violation}");
    }
}

#[test]
fn a_recovery_that_queues_what_was_in_flight_is_caught() {
    let found = (0..CAUGHT_WITHIN)
        .find_map(|seed| run(seed, &mut Model::requeueing_at_recovery(), &Rules::default(), None).err());
    assert!(found.is_some_and(|Violation(violation)| violation.contains("bought")));
}
