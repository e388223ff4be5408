//! What any store must do: one module a duty, with one function a promise over [`Store`]. An implementation runs them all
//! with [`conforms`](conforms!). Here is what all of them are told with.

pub(super) mod batches;
pub(super) mod cancels;
pub(super) mod deletion;
pub(super) mod evidence;
pub(super) mod keeping;
pub(super) mod links;
pub(super) mod queue;
pub(super) mod staging;
pub(super) mod turns;
pub(super) mod uploads;

use std::time::Duration;

use contract::{Code, Dub, DubId, DubInput, Media, Metrics, Phase, Problem, Resolution};

use super::*;

pub(super) const T0: Moment = Moment(1_700_000_000_000);
const LIMITS: ProviderLimits = ProviderLimits { running: 2, creates: 3 };

/// Runs promises of the module `$promises` as a test each, on the store that `$open` gives together with what keeps it
/// alive.
macro_rules! conforms {
    ($open:path, $promises:ident: $($promise:ident)*) => {
        $(#[tokio::test]
        async fn $promise() {
            let (store, _alive) = $open().await;
            $promises::$promise(&store).await;
        })*
    };
}
pub(super) use conforms;

fn at(seconds: u64) -> Moment {
    T0 + Duration::from_secs(seconds)
}

fn anna() -> Owner {
    Owner("anna".into())
}

fn problem() -> Problem {
    Problem::new(Code::DubFailed, "It did not work.")
}

pub(super) fn dub(id: &str, owner: &str) -> DubToInsert {
    let input = DubInput {
        video: Media::Url("https://example.com/Video.mp4".into()),
        prompt: Some("😀 مرحبا".into()),
        ..samples::input()
    };
    DubToInsert { label: Some(format!("Label {id}")), input, ..samples::dub(id, owner) }
}

async fn insert(store: &dyn Store, id: &str, second: u64) {
    let inserted = store.insert_dub(dub(id, "anna"), at(second)).await.unwrap();
    assert!(matches!(inserted, Inserted::New(_)));
}

async fn get(store: &dyn Store, id: &str) -> Dub {
    store.dub(&anna(), &DubId(id.into())).await.unwrap().unwrap().dub
}

async fn send(store: &dyn Store, second: u64) -> Option<Intent> {
    match store.claim(LIMITS, at(second)).await.unwrap() {
        Claim::Send(intent) => Some(*intent),
        Claim::Wait(_) => None,
    }
}

async fn accept(store: &dyn Store, create: CreateId, prediction: &str, second: u64) {
    let end = CreateEnd::Accepted { prediction: PredictionId(prediction.into()), poll_at: at(second + 3) };
    store.end_create(create, end, at(second)).await.unwrap();
}

fn unknown(until: u64) -> CreateEnd {
    CreateEnd::Unknown { problem: problem(), slot_until: at(until) }
}
