//! Stored results, in whole and in parts.

use contract::{Code, Output, routes};
use reqwest::Method;

use redub_server::config::StorageConfig;

use crate::{
    helpers::{Answer, TestApp, Visitor},
    s3::S3,
};

#[tokio::test]
async fn a_result_is_served_to_its_owner_in_whole_and_in_parts() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dub = visitor.made(&app, "Español / fin").await;
    assert!(app.config.data.join("media").join(&dub.id.0).join("dub.mp4").exists());
    check_served(&visitor, dub.output.unwrap()).await;
}

#[tokio::test]
async fn a_result_in_a_bucket_is_served_just_so() {
    let s3 = S3::start().await;
    let app = TestApp::with(|config| config.storage = StorageConfig::Bucket(s3.settings())).await;
    let visitor = app.visitor().await;
    let dub = visitor.made(&app, "Español / fin").await;
    assert!(s3.path(&format!("media/{}/dub.mp4", dub.id)).exists());
    assert!(!app.config.data.join("media").exists());
    let arriving = std::fs::read_dir(app.config.data.join("tmp")).unwrap();
    assert!(arriving.map(|entry| entry.unwrap().file_name()).all(|name| name == ".writable"));
    assert_eq!(visitor.get("/readyz").await.status, 200);
    check_served(&visitor, dub.output.unwrap()).await;
}

async fn check_served(visitor: &Visitor, output: Output) {
    let whole = visitor.get(&output.url).await;
    assert_eq!((whole.status, whole.body.len() as u64), (200, output.size_bytes));
    assert_eq!(whole.header("content-type"), "video/mp4");
    assert_eq!(whole.header("content-security-policy"), "sandbox");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    assert!(whole.header("cache-control").contains("private"));
    assert!(!whole.headers.contains_key("content-disposition"));
    let etag = whole.header("etag").to_owned();

    let part = visitor.get_with(&output.url, "range", "bytes=10-19").await;
    assert_eq!((part.status, &part.body[..]), (206, &whole.body[10..20]));
    assert_eq!(part.header("content-range"), format!("bytes 10-19/{}", output.size_bytes));
    let tail = visitor.get_with(&output.url, "range", "bytes=-5").await;
    assert_eq!((tail.status, &tail.body[..]), (206, &whole.body[whole.body.len() - 5..]));
    let beyond = visitor.get_with(&output.url, "range", "bytes=99999999-").await;
    assert_eq!((beyond.status, beyond.header("content-range")), (416, &*format!("bytes */{}", output.size_bytes)));
    assert_eq!(visitor.get_with(&output.url, "range", "bytes=0-1,5-6").await.status, 200);

    let ranged = |etag: &str| {
        let request = visitor.request(Method::GET, &output.url).header("range", "bytes=0-0");
        Answer::to(request.header("if-range", etag))
    };
    assert_eq!(ranged(&etag).await.status, 206);
    assert_eq!(ranged("\"other\"").await.status, 200);
    assert_eq!(ranged(&format!("W/{etag}")).await.status, 200);

    let unchanged = visitor.get_with(&output.url, "if-none-match", &etag).await;
    assert_eq!((unchanged.status, unchanged.body.len(), unchanged.header("etag")), (304, 0, &*etag));
    let head = Answer::to(visitor.request(Method::HEAD, &output.url)).await;
    assert_eq!((head.status, head.header("content-length")), (200, &*output.size_bytes.to_string()));

    let download = visitor.get(&format!("{}?download", output.url)).await;
    let disposition = download.header("content-disposition");
    assert_eq!(
        disposition,
        "attachment; filename=\"presenter - Espa_ol _ fin.mp4\"; filename*=UTF-8''presenter%20-%20Espa%C3%B1ol%20_%20fin.mp4"
    );
}

#[tokio::test]
async fn a_result_is_nobody_elses() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let dub = visitor.made(&app, "mine").await;
    let url = dub.output.unwrap().url;
    for other in [app.stranger(), app.visitor().await] {
        assert_eq!(other.get(&url).await.problem().code, Code::NotFound);
    }
    for name in ["other.mp4", "..%2f..%2fredub.sqlite", "%2e%2e", "result.mp4%00"] {
        let answer = visitor.get(&routes::media(&dub.id.0, name)).await;
        assert_eq!(answer.status, 404, "{name}: {}", answer.text());
    }
}
