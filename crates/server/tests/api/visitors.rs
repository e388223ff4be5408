//! Who may see and change what.

use contract::{Code, Dub, DubPage, routes};
use reqwest::Method;
use serde_json::json;

use crate::helpers::{Answer, TestApp, Visitor};

#[tokio::test]
async fn the_first_answer_gives_a_cookie_and_the_next_does_not() {
    let app = TestApp::idle().await;
    let (stranger, visitor) = (app.stranger(), app.visitor().await);
    for path in ["/", "/library", "/dubs/0123456789abcdef", "/index.html", routes::CONFIG, routes::DUBS] {
        let cookie = stranger.get(path).await.header("set-cookie").to_owned();
        for part in ["redub_visitor=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=34560000"] {
            assert!(cookie.contains(part), "{path}: {cookie}");
        }
        assert!(!cookie.contains("Secure"), "{path}: {cookie}");
        assert!(!visitor.get(path).await.headers.contains_key("set-cookie"), "{path}");
    }
}

#[tokio::test]
async fn who_opens_the_page_is_the_visitor_of_all_that_it_asks_for() {
    let app = TestApp::idle().await;
    let mut visitor = app.stranger();
    visitor.cookie = visitor.get("/").await.header("set-cookie").split(';').next().map(str::to_owned);
    // Whatever comes first, and be it all at once.
    let (wish, config, dubs) = (app.wish(""), visitor.get(routes::CONFIG), visitor.get(routes::DUBS));
    let (dub, config, dubs) = tokio::join!(visitor.ask(&wish), config, dubs);
    assert!(!config.headers.contains_key("set-cookie") && !dubs.headers.contains_key("set-cookie"));
    assert_eq!(visitor.get(routes::DUBS).await.json::<DubPage>().dubs, [dub]);
}

#[tokio::test]
async fn a_page_with_a_cookie_is_kept_by_its_visitor_alone_and_others_as_before() {
    let app = TestApp::idle().await;
    let (stranger, visitor) = (app.stranger(), app.visitor().await);
    let etag = visitor.get("/").await.header("etag").to_owned();
    for path in ["/", "/library"] {
        // Who has kept the page and lost the cookie.
        let again = stranger.get_with(path, "if-none-match", &etag).await;
        assert_eq!((again.status, again.header("cache-control")), (304, "private, no-cache"), "{path}");
        assert!(again.header("set-cookie").starts_with("redub_visitor="), "{path}");
        let again = visitor.get_with(path, "if-none-match", &etag).await;
        assert_eq!((again.status, again.header("cache-control")), (304, "no-cache"), "{path}");
        assert!(!again.headers.contains_key("set-cookie"), "{path}");
    }
    let unknown = stranger.get_with("/nothing", "accept", "text/html,*/*").await;
    assert_eq!((unknown.status, unknown.header("cache-control")), (404, "private, no-cache"));
    assert!(unknown.headers.contains_key("set-cookie"));
}

#[tokio::test]
async fn only_who_opens_the_page_by_itself_is_given_a_cookie_with_it() {
    let app = TestApp::idle().await;
    let stranger = app.stranger();
    for dest in ["image", "iframe", "script", "empty"] {
        let answer = stranger.get_with("/", "sec-fetch-dest", dest).await;
        assert_eq!((answer.status, answer.header("cache-control")), (200, "no-cache"), "{dest}");
        assert!(!answer.headers.contains_key("set-cookie"), "{dest}");
    }
    assert!(stranger.get_with("/", "sec-fetch-dest", "document").await.headers.contains_key("set-cookie"));
    for path in ["/nothing", "/nothing.js", "/icon.svg", "/healthz", "/media/a/b"] {
        assert!(!stranger.get(path).await.headers.contains_key("set-cookie"), "{path}");
    }
    for method in [Method::POST, Method::PUT, Method::DELETE] {
        let answer = Answer::to(stranger.request(method, "/")).await;
        assert_eq!((answer.status, answer.headers.contains_key("set-cookie")), (405, false));
    }
}

#[tokio::test]
async fn the_cookie_is_secure_where_visitors_come_over_https() {
    let app = TestApp::with(|config| config.site.public_url = Some("https://redub.example".parse().unwrap())).await;
    for path in [routes::CONFIG, "/"] {
        assert!(app.stranger().get(path).await.header("set-cookie").contains("; Secure"), "{path}");
    }
}

#[tokio::test]
async fn a_malformed_cookie_is_replaced() {
    let app = TestApp::idle().await;
    let mut visitor = app.stranger();
    for cookie in ["redub_visitor=x", "redub_visitor=../../etc/passwd", "redub_visitor=' OR 1=1"] {
        visitor.cookie = Some(cookie.into());
        assert!(visitor.get(routes::DUBS).await.headers.contains_key("set-cookie"), "{cookie}");
    }
}

#[tokio::test]
async fn an_order_without_a_cookie_is_not_taken_and_one_with_the_cookie_that_it_was_given_is() {
    let app = TestApp::idle().await;
    let mut batch = app.wish("");
    batch["tracks"] = json!([{ "audio": batch["audio"] }]);
    batch.as_object_mut().unwrap().remove("audio");
    for (path, wish) in [(routes::DUBS, app.wish("")), (routes::BATCHES, batch)] {
        for cookie in [None, Some("redub_visitor=x".to_owned())] {
            let mut visitor = Visitor { cookie, ..app.stranger() };
            let order = |visitor: &Visitor| {
                let request = visitor.request(Method::POST, path).header(routes::IDEMPOTENCY_KEY, "one press");
                Answer::to(request.json(&wish))
            };
            let refused = order(&visitor).await;
            assert_eq!((refused.status, refused.problem().code), (403, Code::Forbidden), "{path}");
            assert!(refused.problem().detail.contains("cookie"), "{path}");
            visitor.cookie = refused.header("set-cookie").split(';').next().map(str::to_owned);
            assert_eq!(visitor.get(routes::DUBS).await.json::<DubPage>().dubs, [], "{path}: nothing was ordered");
            for _ in 0..2 {
                assert_eq!(order(&visitor).await.status, 202, "{path}");
            }
            assert_eq!(visitor.get(routes::DUBS).await.json::<DubPage>().dubs.len(), 1, "{path}");
        }
    }
}

#[tokio::test]
async fn two_visitors_do_not_see_each_others_dubs() {
    let app = TestApp::idle().await;
    let (one, other) = (app.visitor().await, app.visitor().await);
    let dub = one.ask(&app.wish("")).await;
    assert_eq!(one.dub(&dub.id.0).await.id, dub.id);
    assert_eq!(other.get(&routes::dub(&dub.id.0)).await.problem().code, Code::NotFound);
    assert_eq!(other.get(routes::DUBS).await.json::<DubPage>().dubs, []);
    let resubmit = other.post(&routes::resubmit(&dub.id.0), &json!({ "accept_second_charge": true })).await;
    assert_eq!((resubmit.status, resubmit.problem().code), (404, Code::NotFound));
}

#[tokio::test]
async fn changing_requests_from_other_sites_are_refused_and_get_no_cookie() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let post = || {
        let request = visitor.http.post(format!("{}{}", app.base, routes::DUBS)).json(&app.wish(""));
        request.header("cookie", visitor.cookie.clone().unwrap())
    };
    let refused = [
        post(),
        post().header("sec-fetch-site", "cross-site"),
        post().header("sec-fetch-site", "same-site"),
        post().header("sec-fetch-site", "cross-site").header("origin", &app.base),
        post().header("origin", "https://evil.example"),
        post().header("origin", "null"),
        visitor.http.post(format!("{}{}", app.base, routes::DUBS)).json(&app.wish("")),
    ];
    for request in refused {
        let answer = Answer::to(request).await;
        assert_eq!((answer.status, answer.problem().code), (403, Code::CrossSite));
        assert!(!answer.headers.contains_key("set-cookie"));
    }
    assert_eq!(visitor.get(routes::DUBS).await.json::<DubPage>().dubs, []);
    for request in [post().header("sec-fetch-site", "none"), post().header("origin", &app.base)] {
        assert_eq!(Answer::to(request).await.status, 202);
    }
}

#[tokio::test]
async fn reading_needs_no_origin() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let dub: Dub = visitor.ask(&app.wish("")).await;
    let path = format!("{}{}", app.base, routes::dub(&dub.id.0));
    let plain = visitor.http.request(Method::GET, path).header("cookie", visitor.cookie.clone().unwrap());
    assert_eq!(Answer::to(plain).await.status, 200);
}
