//! Every refusal is a problem in one shape.

use contract::{Code, routes};
use reqwest::Method;

use crate::helpers::{Answer, TestApp};

#[tokio::test]
async fn what_is_no_json_is_refused_as_such() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for body in ["", "{", "nonsense", "[]", "7", "\"x\"", "{\"seed\":1}}", "{\"a\":\"\\ud800\"}"] {
        let request = visitor.request(Method::POST, routes::DUBS).header("content-type", "application/json");
        let answer = Answer::to(request.body(body)).await;
        assert_eq!((answer.status, answer.problem().code), (400, Code::MalformedJson), "{body}");
    }
    let deep = "[".repeat(20_000);
    let request = visitor.request(Method::POST, routes::DUBS).header("content-type", "application/json");
    assert_eq!(Answer::to(request.body(deep)).await.problem().code, Code::MalformedJson);
}

#[tokio::test]
async fn only_json_is_taken() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("application/jsonp")]
    {
        let mut request = visitor.request(Method::POST, routes::DUBS).body("{}");
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let answer = Answer::to(request).await;
        assert_eq!((answer.status, answer.problem().code), (415, Code::UnsupportedMedia), "{content_type:?}");
    }
    let request = visitor.request(Method::POST, routes::DUBS).header("content-type", "Application/JSON; charset=utf-8");
    assert_eq!(Answer::to(request.body("{}")).await.status, 422);
}

#[tokio::test]
async fn a_body_over_64_kib_is_refused_declared_or_not() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let large = format!("{{\"prompt\":\"{}\"}}", "x".repeat(64 * 1024));
    let chunks =
        large.as_bytes().chunks(1_000).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>();
    let streamed = reqwest::Body::wrap_stream(futures_util::stream::iter(chunks));
    for body in [reqwest::Body::from(large), streamed] {
        let request = visitor.request(Method::POST, routes::DUBS).header("content-type", "application/json");
        let answer = Answer::to(request.body(body)).await;
        assert_eq!((answer.status, answer.problem().code), (413, Code::TooLarge));
    }
}

#[tokio::test]
async fn unknown_routes_and_methods_are_problems() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for path in ["/api", "/api/", "/api/nothing", "/api/dubs/", "/media/a", "/media/a/b", "/nothing.js", "/../x.js"] {
        let answer = visitor.get_with(path, "accept", "text/html").await;
        assert_eq!((answer.status, answer.problem().code), (404, Code::NotFound), "{path}");
    }
    for (method, path) in [
        (Method::DELETE, routes::CONFIG),
        (Method::PUT, routes::DUBS),
        (Method::POST, "/healthz"),
        (Method::POST, "/"),
        (Method::POST, "/library"),
    ] {
        let answer = Answer::to(visitor.request(method, path)).await;
        assert_eq!((answer.status, answer.problem().code), (405, Code::MethodNotAllowed), "{path}");
    }
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for (path, status) in [(routes::CONFIG, 200), ("/", 200), ("/healthz", 200), ("/api/nothing", 404)] {
        let answer = Answer::to(visitor.request(Method::HEAD, path)).await;
        assert_eq!((answer.status, answer.body.len()), (status, 0), "{path}");
        assert!(!answer.header(routes::REQUEST_ID).is_empty());
    }
}

#[tokio::test]
async fn a_sane_request_id_is_kept_and_any_other_replaced() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let kept = visitor.get_with("/healthz", routes::REQUEST_ID, "abcd-1234").await;
    assert_eq!(kept.header(routes::REQUEST_ID), "abcd-1234");
    for id in ["x", "a b c d e f g h", "<script>alert(1)</script>"] {
        let replaced = visitor.get_with("/healthz", routes::REQUEST_ID, id).await;
        assert_eq!(replaced.header(routes::REQUEST_ID).len(), 32, "{id}");
    }
}
