//! What the provider's journal says that was bought, compared with what was promised and what the API tells.

use std::{collections::HashMap, fs, io, path::Path};

use contract::{Code, Dub, Phase};
use serde::{Deserialize, de::DeserializeOwned};
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// The provider's limits per key (its model card, read 2026-11-22).
const RUNNING_MAX: usize = 10;
/// How many creates it takes in [`WINDOW`].
const CREATES_MAX: usize = 100;
const WINDOW: Duration = Duration::seconds(60);

#[derive(Debug, Deserialize)]
struct Entry {
    prediction_id: String,
    at: String,
    input: Input,
}

#[derive(Debug, Deserialize)]
struct Input {
    #[serde(default)]
    prompt: String,
}

#[derive(Debug, Deserialize)]
struct Ending {
    prediction_id: String,
    predict_time: f64,
}

/// One accepted create.
#[derive(Debug, Clone)]
pub struct Order {
    /// The first word of its prompt, which names its dub.
    pub dub: String,
    at: OffsetDateTime,
    /// `None` while it runs.
    until: Option<OffsetDateTime>,
}

/// What must have become of a dub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// What the provider made of it.
    Made,
    /// As [`Made`](Self::Made), or its owner's wish to cancel it was taken, of which no answer told.
    Unwanted,
    /// Its owner's wish to cancel it was taken.
    Cancelled,
    /// Its owner was told that it is deleted.
    Deleted,
}

/// The orders in the simulator's `folder` whose dub's name begins with `round`.
///
/// # Errors
/// When the journal cannot be read.
pub fn orders(folder: &Path, round: &str) -> io::Result<Vec<Order>> {
    let endings = lines::<Ending>(&folder.join("endings.jsonl"))?;
    let took: HashMap<_, _> = endings.into_iter().map(|end| (end.prediction_id, end.predict_time)).collect();
    let order = |entry: Entry| {
        let at = OffsetDateTime::parse(&entry.at, &Rfc3339).ok()?;
        let until = took.get(&entry.prediction_id).map(|seconds| at + Duration::seconds_f64(*seconds));
        Some(Order { dub: name(&entry.input.prompt).to_owned(), at, until })
    };
    let orders = lines::<Entry>(&folder.join("journal.jsonl"))?.into_iter().filter_map(order);
    Ok(orders.filter(|order| order.dub.starts_with(round)).collect())
}

/// Every whole line; the last one may just be written.
fn lines<T: DeserializeOwned>(path: &Path) -> io::Result<Vec<T>> {
    Ok(fs::read_to_string(path)?.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

/// The name that a prompt begins with.
fn name(prompt: &str) -> &str {
    prompt.split(' ').next().unwrap_or_default()
}

/// The name of a dub.
pub fn name_of(dub: &Dub) -> &str {
    name(dub.input.prompt.as_deref().unwrap_or_default())
}

/// Whether the simulator was asked to fail with a dub.
fn fails_by_itself(dub: &Dub) -> bool {
    dub.input.prompt.as_ref().is_some_and(|prompt| prompt.contains("sim:error"))
}

/// Whether `dub` is on its way and nothing keeps it. A create whose answer was lost keeps its slot for half an hour, also when
/// its owner has cancelled the dub since, or deleted it; while all slots are kept, who is in the queue waits for one.
pub fn is_moving(dub: &Dub, all: &[Dub], deleted: usize) -> bool {
    let is_lost = |dub: &&Dub| {
        let is_told = dub.problem.as_ref().is_some_and(|problem| problem.code == Code::CreateUnconfirmed);
        dub.phase == Phase::Unconfirmed || (dub.phase == Phase::Cancelled && is_told)
    };
    let kept = all.iter().filter(is_lost).count() + deleted;
    dub.phase.is_moving() && !(dub.phase == Phase::Queued && kept >= RUNNING_MAX)
}

/// Every promise that is broken, in words: of the dubs `asked`, by name, each of which was answered 202 at last, of which the
/// API shows `shown`, and for which `orders` were taken.
pub fn violations(asked: &[(String, Fate)], shown: &[Dub], orders: &[Order]) -> Vec<String> {
    let mut broken = Vec::new();
    let deleted = asked.iter().filter(|(_, fate)| *fate == Fate::Deleted).count();
    for (name, fate) in asked {
        let dubs: Vec<_> = shown.iter().filter(|dub| name_of(dub) == name).collect();
        let bought = orders.iter().filter(|order| order.dub == *name).count();
        if bought > 1 {
            broken.push(format!("promise 1: {name} was bought {bought} times"));
        }
        if *fate == Fate::Deleted {
            if !dubs.is_empty() {
                broken.push(format!("{name} was deleted, and is there"));
            }
            continue;
        }
        let [dub] = dubs[..] else {
            broken.push(format!("promise 2: {name} was accepted once, and {} dubs are there", dubs.len()));
            continue;
        };
        if is_moving(dub, shown, deleted) {
            broken.push(format!("promise 2: {name} does not come to rest, it is {:?}", dub.phase));
        }
        if dub.phase == Phase::Unconfirmed && *fate == Fate::Cancelled {
            broken.push(format!("{name} was cancelled, and waits for its owner"));
        }
        if matches!(dub.phase, Phase::Succeeded | Phase::Failed) && bought != 1 {
            broken.push(format!("{name} is {:?}, and was bought {bought} times", dub.phase));
        }
        // Who is told so would ask for it anew.
        if dub.phase == Phase::Failed && !fails_by_itself(dub) {
            broken.push(format!("promise 2: {name} has failed, and nothing was wrong with it"));
        }
        if dub.phase == Phase::Cancelled && *fate == Fate::Made {
            broken.push(format!("promise 2: {name} was cancelled, and nobody wanted that"));
        }
    }
    for order in orders.iter().filter(|order| !asked.iter().any(|(name, _)| *name == order.dub)) {
        broken.push(format!("promise 1: {} was bought, and nobody asked for it", order.dub));
    }
    for order in orders {
        let until = |other: &&Order| other.until.is_none_or(|until| until > order.at);
        let running = orders.iter().filter(|other| other.at <= order.at).filter(until).count();
        if running > RUNNING_MAX {
            broken.push(format!("promise 5: {running} ran at once"));
        }
        let recent = orders.iter().filter(|other| other.at <= order.at && order.at - other.at < WINDOW).count();
        if recent > CREATES_MAX {
            broken.push(format!("promise 5: {recent} creates within a minute"));
        }
    }
    broken
}

#[cfg(test)]
mod tests {
    use contract::Problem;

    use super::*;

    fn dub(name: &str, phase: &str) -> Dub {
        serde_json::from_value(serde_json::json!({
            "id": name, "phase": phase, "created_at": "", "updated_at": "",
            "input": { "video": { "url": "v" }, "audio": { "url": "a" }, "resolution": "480p", "seed": 7,
                       "prompt": format!("{name} sim:error") },
        }))
        .unwrap()
    }

    fn order(dub: &str, at: i64, until: Option<i64>) -> Order {
        let moment = |second| OffsetDateTime::UNIX_EPOCH + Duration::seconds(second);
        Order { dub: dub.into(), at: moment(at), until: until.map(moment) }
    }

    fn broken(asked: &str, shown: &[Dub], orders: &[Order]) -> String {
        violations(&[(asked.to_owned(), Fate::Made)], shown, orders).join("\n")
    }

    #[test]
    fn what_keeps_the_promises_is_fine() {
        for (phase, orders) in [("succeeded", 1), ("failed", 1), ("unconfirmed", 1), ("unconfirmed", 0)] {
            let orders = vec![order("a", 0, Some(1)); orders];
            assert_eq!(broken("a", &[dub("a", phase)], &orders), "");
        }
    }

    #[test]
    fn a_queue_behind_ten_unconfirmed_dubs_waits() {
        let mut dubs: Vec<_> = (0..9).map(|number| dub(&number.to_string(), "unconfirmed")).collect();
        let queued = dub("q", "queued");
        assert!(is_moving(&queued, &dubs, 0));
        assert!(!is_moving(&queued, &dubs, 1), "it may have been unconfirmed");
        dubs.push(dub("9", "cancelled"));
        assert!(is_moving(&queued, &dubs, 0));
        dubs[9].problem = Some(Problem::new(Code::CreateUnconfirmed, ""));
        assert!(!is_moving(&queued, &dubs, 0));
        assert!(is_moving(&dub("p", "processing"), &dubs, 0));
    }

    #[test]
    fn each_broken_promise_is_told() {
        let twice = [order("a", 0, Some(1)), order("a", 2, Some(3))];
        assert!(broken("a", &[dub("a", "succeeded")], &twice).contains("bought 2 times"));
        assert!(broken("a", &[], &[]).contains("0 dubs are there"));
        assert!(broken("a", &[dub("a", "failed"), dub("a", "failed")], &[]).contains("2 dubs are there"));
        assert!(broken("a", &[dub("a", "submitting")], &[]).contains("does not come to rest"));
        assert!(broken("a", &[dub("a", "succeeded")], &[]).contains("bought 0 times"));
        assert!(broken("a", &[dub("a", "failed")], &[order("b", 0, None)]).contains("nobody asked"));
        assert!(broken("a", &[dub("a", "failed")], &[]).contains("bought 0 times"));
        assert!(broken("a", &[dub("a", "cancelled")], &[]).contains("nobody wanted that"));
        let mut plain = dub("a", "failed");
        plain.input.prompt = Some("a".into());
        assert!(broken("a", &[plain], &[order("a", 0, Some(1))]).contains("nothing was wrong with it"));
        let unwanted = |fate, phase| violations(&[("a".into(), fate)], &[dub("a", phase)], &[]).join("\n");
        assert!(unwanted(Fate::Deleted, "cancelled").contains("was deleted"));
        assert!(unwanted(Fate::Cancelled, "unconfirmed").contains("was cancelled"));
        assert_eq!(unwanted(Fate::Unwanted, "cancelled"), "");
        let many: Vec<_> = (0..11).map(|_| order("a", 0, None)).collect();
        assert!(broken("a", &[dub("a", "failed")], &many).contains("11 ran at once"));
        let often: Vec<_> = (0..101).map(|second| order("a", second / 2, Some(second / 2))).collect();
        assert!(broken("a", &[dub("a", "failed")], &often).contains("101 creates within a minute"));
    }
}
