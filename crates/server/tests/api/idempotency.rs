//! A request that is sent twice is accepted once.

use std::collections::HashSet;

use contract::{Code, Dub, DubPage, routes};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::Value;

use crate::helpers::{Answer, TestApp, Visitor};

async fn post(visitor: &Visitor, key: &str, wish: &Value) -> Answer {
    Answer::to(visitor.request(Method::POST, routes::DUBS).header(routes::IDEMPOTENCY_KEY, key).json(wish)).await
}

#[tokio::test]
async fn fifty_parallel_posts_with_one_idempotency_key_make_one_dub() {
    let app = TestApp::idle().await;
    let (visitor, wish) = (app.visitor().await, app.wish(""));
    let answers = join_all((0..50).map(|_| post(&visitor, "one", &wish))).await;
    let ids: HashSet<String> = answers
        .iter()
        .map(|answer| {
            assert_eq!(answer.status, 202, "{}", answer.text());
            answer.json::<Dub>().id.0
        })
        .collect();
    assert_eq!(ids.len(), 1);
    assert_eq!(visitor.get(routes::DUBS).await.json::<DubPage>().dubs.len(), 1);
}

#[tokio::test]
async fn another_body_under_the_same_key_is_refused() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    assert_eq!(post(&visitor, "k", &app.wish("a")).await.status, 202);
    let answer = post(&visitor, "k", &app.wish("b")).await;
    assert_eq!((answer.status, answer.problem().code), (422, Code::IdempotencyMismatch));
}

#[tokio::test]
async fn a_key_belongs_to_one_visitor() {
    let app = TestApp::idle().await;
    let (one, other, wish) = (app.visitor().await, app.visitor().await, app.wish(""));
    let (a, b): (Dub, Dub) = (post(&one, "k", &wish).await.json(), post(&other, "k", &wish).await.json());
    assert_ne!(a.id, b.id);
}

#[tokio::test]
async fn a_key_of_255_bytes_fits_and_one_more_does_not() {
    let app = TestApp::idle().await;
    let (visitor, wish) = (app.visitor().await, app.wish(""));
    assert_eq!(post(&visitor, &"k".repeat(255), &wish).await.status, 202);
    assert_eq!(post(&visitor, &"k".repeat(256), &wish).await.refused(), [routes::IDEMPOTENCY_KEY]);
    assert_eq!(post(&visitor, "", &wish).await.refused(), [routes::IDEMPOTENCY_KEY]);
}
