//! The page's files. They hold for the built page as for the one that stands in for it.

use reqwest::Method;

use crate::helpers::{Answer, TestApp};

/// The files that the page names with a hash in their names: its styles and its script.
fn hashed_files(index: &str) -> Vec<String> {
    let names = index.split(['"', '\'', '=', ' ', '>']).filter(|part| part.starts_with('/'));
    let is_hashed = |name: &&str| ["/page-", "/redub-", "/placeholder-"].iter().any(|start| name.starts_with(start));
    names.filter(is_hashed).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_page_is_served_with_an_etag_and_asked_about_each_time() {
    let app = TestApp::idle().await;
    let visitor = app.stranger();
    let page = visitor.get("/").await;
    assert_eq!((page.status, page.header("cache-control")), (200, "private, no-cache"), "it has a cookie");
    let known = app.visitor().await.get("/").await;
    assert_eq!((known.status, known.header("cache-control")), (200, "no-cache"));
    assert_eq!((known.header("etag"), &known.body), (page.header("etag"), &page.body));
    assert!(page.header("content-type").starts_with("text/html"));
    let again = visitor.get_with("/", "if-none-match", page.header("etag")).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[tokio::test]
async fn files_come_in_brotli_to_those_who_take_it() {
    let app = TestApp::idle().await;
    let visitor = app.stranger();
    let plain = visitor.get("/").await;
    let packed = visitor.get_with("/", "accept-encoding", "gzip, deflate, br").await;
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "br"));
    assert!(packed.body.len() < plain.body.len());
    assert_eq!(packed.header("vary"), "accept-encoding");
}

#[tokio::test]
async fn hashed_names_are_kept_for_ever() {
    let app = TestApp::idle().await;
    let visitor = app.stranger();
    let names = hashed_files(&visitor.get("/").await.text());
    assert!(!names.is_empty());
    for name in names {
        let file = visitor.get(&name).await;
        assert_eq!((file.status, file.header("cache-control")), (200, "public, max-age=31536000, immutable"), "{name}");
        assert_eq!(visitor.get_with(&name, "if-none-match", file.header("etag")).await.status, 304);
    }
    assert_eq!(app.visitor().await.get("/index.html").await.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn deep_links_open_the_page_and_unknown_addresses_too_but_as_not_found() {
    let app = TestApp::idle().await;
    let visitor = app.stranger();
    let index = visitor.get("/").await.text();
    for path in ["/library", "/dubs/0123456789abcdef", "/library?phase=failed"] {
        let page = visitor.get(path).await;
        assert_eq!((page.status, page.text() == index), (200, true), "{path}");
    }
    for path in ["/nothing", "/dubs", "/dubs/a/b"] {
        let page = visitor.get_with(path, "accept", "text/html,*/*").await;
        assert_eq!((page.status, page.text() == index), (404, true), "{path}");
        assert!(visitor.get(path).await.problem().status == 404, "{path}: no page for programs");
    }
    assert_eq!(Answer::to(visitor.request(Method::HEAD, "/library")).await.status, 200);
}

#[tokio::test]
async fn the_policy_names_the_inline_scripts_of_the_page_that_is_served() {
    let app = TestApp::idle().await;
    let page = app.stranger().get("/").await;
    let inline = page
        .text()
        .split("<script")
        .skip(1)
        .filter(|script| !script.split('>').next().unwrap().contains(" src="))
        .count();
    assert_eq!(page.header("content-security-policy").matches("'sha256-").count(), inline);
}
