//! What every answer tells a browser.

use contract::{Mode, routes};

use crate::helpers::TestApp;

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_a_request_id() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for path in ["/", "/library", "/nothing", "/nothing.js", routes::CONFIG, "/api/nothing", "/media/a/b", "/healthz"] {
        let answer = visitor.get(path).await;
        let policy = answer.header("content-security-policy");
        for part in
            ["script-src 'self' 'wasm-unsafe-eval'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(!answer.header("permissions-policy").is_empty(), "{path}");
        assert!(!answer.header(routes::REQUEST_ID).is_empty(), "{path}");
        assert!(!answer.headers.contains_key("strict-transport-security"), "{path}");
    }
}

#[tokio::test]
async fn only_a_sandbox_lets_the_page_play_from_this_machine() {
    let sandbox = TestApp::idle().await.stranger().get("/").await;
    assert!(sandbox.header("content-security-policy").contains("http://127.0.0.1:*"));
    let app = TestApp::with(|config| config.provider.mode = Mode::Live).await;
    assert!(!app.stranger().get("/").await.header("content-security-policy").contains("127.0.0.1"));
}

#[tokio::test]
async fn https_is_insisted_on_where_visitors_come_over_it() {
    let app = TestApp::with(|config| config.site.public_url = Some("https://redub.example".parse().unwrap())).await;
    assert!(app.stranger().get("/").await.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn what_the_api_says_is_not_kept() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    for path in [routes::CONFIG, routes::DUBS, "/api/nothing"] {
        assert_eq!(visitor.get(path).await.header("cache-control"), "no-store", "{path}");
    }
}
