//! What is accepted together is accepted as if each had come alone.

use std::collections::HashSet;

use contract::Media;
use futures_util::future::join_all;

use super::*;
use crate::store::{Idempotency, Listing, Owner, Store as _, samples, sqlite::SqliteStore};

fn dub(id: &str) -> DubToInsert {
    samples::dub(id, "anna")
}

fn with_a_missing_file(id: &str) -> DubToInsert {
    let mut dub = dub(id);
    dub.input.audio = Media::UploadId("gone".into());
    dub
}

async fn open() -> (SqliteStore, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (SqliteStore::open_unsynced(&folder.path().join("redub.db")).await.unwrap(), folder)
}

type Answered = oneshot::Receiver<Result<Inserted, StoreError>>;

/// Orders that wait, as they do while another writes, and where their answers come.
fn waiting(dubs: Vec<DubToInsert>) -> (Order, mpsc::Receiver<Order>, Vec<Answered>) {
    let (sender, mut orders) = mpsc::channel(dubs.len());
    let mut answers = Vec::new();
    for dub in dubs {
        let (answer, answered) = oneshot::channel();
        assert!(sender.try_send(Order { dub, now: Moment(1), answer }).is_ok());
        answers.push(answered);
    }
    (orders.try_recv().unwrap(), orders, answers)
}

/// The answers to `dubs`, asked for at once, and the ids of what is there then.
async fn accepted(store: &SqliteStore, dubs: Vec<DubToInsert>) -> (Vec<Result<Inserted, StoreError>>, Vec<String>) {
    let (first, mut orders, answers) = waiting(dubs);
    accept(&store.writer, first, &mut orders).await;
    assert!(orders.try_recv().is_err(), "all of them at once");
    let answers = join_all(answers).await.into_iter().map(Result::unwrap).collect();
    (answers, ids(store).await)
}

async fn ids(store: &SqliteStore) -> Vec<String> {
    let listing = Listing { limit: 100, ..Listing::default() };
    let mut dubs = store.list(&Owner("anna".into()), &listing).await.unwrap().dubs;
    dubs.reverse();
    dubs.into_iter().map(|dub| dub.id.0).collect()
}

#[tokio::test]
async fn those_who_wait_are_accepted_in_one_transaction_in_their_order() {
    let (store, _folder) = open().await;
    let (first, mut orders, _answers) = waiting(vec![dub("a"), dub("b"), dub("c")]);
    let mut group = vec![first];
    let inserted = together(&store.writer, &mut group, &mut orders).await.unwrap();
    let places = inserted.into_iter().map(|inserted| match inserted {
        Inserted::New(stored) => stored.dub.queue_position,
        _ => None,
    });
    assert_eq!(places.collect::<Vec<_>>(), [Some(1), Some(2), Some(3)]);
    assert_eq!(ids(&store).await, ["a", "b", "c"]);
}

#[tokio::test]
async fn nothing_of_what_was_not_committed_is_there() {
    let (store, _folder) = open().await;
    let mut tx = store.writer.begin().await.unwrap();
    owners::insert(&mut tx, dub("a"), Moment(1)).await.unwrap();
    // As at a crash, which no answer comes before.
    drop(tx);
    assert!(ids(&store).await.is_empty());
}

#[tokio::test]
async fn fifty_at_once_with_one_key_make_one_dub() {
    let (store, _folder) = open().await;
    let keyed = |number| DubToInsert {
        idempotency: Some(Idempotency { key: "k".into(), body_hash: "1".into() }),
        ..dub(&format!("dub-{number}"))
    };
    let (answers, ids) = accepted(&store, (0..50).map(keyed).collect()).await;
    let told: HashSet<_> = answers
        .into_iter()
        .map(|answer| match answer.unwrap() {
            Inserted::New(stored) | Inserted::Known(stored) => stored.dub.id.0,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(ids, told.into_iter().collect::<Vec<_>>(), "one, and all are told of it");
}

#[tokio::test]
async fn what_is_refused_takes_nobody_with_it() {
    let (store, _folder) = open().await;
    let (answers, ids) = accepted(&store, vec![dub("a"), with_a_missing_file("b"), dub("c")]).await;
    assert!(matches!(answers[1], Ok(Inserted::UploadMissing)));
    assert!(matches!((&answers[0], &answers[2]), (Ok(Inserted::New(_)), Ok(Inserted::New(_)))));
    assert_eq!(ids, ["a", "c"]);
}

#[tokio::test]
async fn what_the_store_cannot_write_takes_nobody_with_it() {
    let (store, _folder) = open().await;
    // No two dubs have one id.
    let (answers, ids) = accepted(&store, vec![dub("a"), dub("b"), dub("a"), dub("c")]).await;
    assert!(matches!(answers[2], Err(StoreError::Database(_))));
    assert_eq!(answers.iter().filter(|answer| matches!(answer, Ok(Inserted::New(_)))).count(), 3);
    assert_eq!(ids, ["a", "b", "c"]);
}

#[tokio::test]
async fn who_hangs_up_before_it_is_their_turn_gets_no_dub() {
    let (store, _folder) = open().await;
    let (first, mut orders, mut answers) = waiting(vec![dub("a"), dub("b")]);
    drop(answers.remove(0));
    accept(&store.writer, first, &mut orders).await;
    assert_eq!(ids(&store).await, ["b"]);
}
