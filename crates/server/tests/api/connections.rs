//! Clients that are slow, many, or in the way of a stop.

use std::time::{Duration, Instant};

use contract::routes;
use redub_server::run::{RunError, run};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::helpers::TestApp;

/// Someone's, as an order needs one.
const COOKIE: &str = "redub_visitor=0123456789abcdef0123456789abcdef";
/// The server's own limit is 10 s.
const BOUND: Duration = Duration::from_secs(25);

async fn connect(app: &TestApp) -> TcpStream {
    TcpStream::connect(app.base.trim_start_matches("http://")).await.unwrap()
}

async fn read_to_end(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A reset ends it as well as a close.
    let _ = timeout(BOUND, stream.read_to_end(&mut answer)).await.expect("the server hangs up");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_client_that_never_finishes_its_headers_is_hung_up_on() {
    let app = TestApp::idle().await;
    let mut stream = connect(&app).await;
    stream.write_all(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await.unwrap();
    let answer = read_to_end(stream).await;
    assert!(!answer.contains("200 OK"), "{answer}");
}

#[tokio::test]
async fn a_client_that_never_finishes_its_body_is_told_so() {
    let app = TestApp::idle().await;
    let mut stream = connect(&app).await;
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nCookie: {COOKIE}\r\nSec-Fetch-Site: none\r\nContent-Type: application/json\r\n\
         Content-Length: 9\r\n\r\n{{",
        routes::DUBS
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = read_to_end(stream).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("request_timeout"), "{answer}");
}

#[tokio::test]
async fn what_is_no_http_and_what_is_too_long_is_refused() {
    let app = TestApp::idle().await;
    for request in
        ["\u{16}\u{3}\u{1}\r\n\r\n".to_owned(), format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(200_000))]
    {
        let mut stream = connect(&app).await;
        let _ = stream.write_all(request.as_bytes()).await;
        assert!(!read_to_end(stream).await.contains("200 OK"));
    }
    assert_eq!(app.stranger().get("/healthz").await.status, 200);
}

#[tokio::test]
async fn those_over_the_cap_wait_until_another_leaves() {
    let app = TestApp::with(|config| config.connections.at_once = 1).await;
    let mut first = connect(&app).await;
    first.write_all(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    let mut head = [0; 15];
    first.read_exact(&mut head).await.unwrap();
    let visitor = app.stranger();
    let mut waiting = tokio::spawn(async move { visitor.get("/healthz").await.status });
    assert!(timeout(Duration::from_millis(300), &mut waiting).await.is_err(), "it was served over the cap");
    drop(first);
    assert_eq!(timeout(BOUND, waiting).await.unwrap().unwrap(), 200);
}

#[tokio::test]
async fn a_client_that_takes_nothing_of_its_answers_is_hung_up_on() {
    let app = TestApp::with(|config| {
        config.connections.at_once = 1;
        config.connections.write_stall = Duration::from_millis(500);
    })
    .await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut deaf = socket.connect(app.base.trim_start_matches("http://").parse().unwrap()).await.unwrap();
    // More than both sides' systems keep for it.
    let requests = "GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".repeat(50_000);
    let asking = tokio::spawn(async move {
        let _ = deaf.write_all(requests.as_bytes()).await;
        deaf
    });
    let visitor = app.stranger();
    assert_eq!(timeout(BOUND, visitor.get("/healthz")).await.expect("its place is given to others").status, 200);
    drop(asking.await.unwrap());
}

#[tokio::test]
async fn a_second_server_on_one_data_folder_refuses_to_start() {
    let app = TestApp::idle().await;
    assert_eq!(app.stranger().get("/readyz").await.status, 200);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let second = timeout(BOUND, run(app.config.clone(), listener, CancellationToken::new())).await.unwrap();
    let error = second.unwrap_err();
    assert!(matches!(&error, RunError::DataInUse(folder) if *folder == app.config.data), "{error}");
    assert!(error.to_string().contains("data"));
}

#[tokio::test]
async fn a_server_stops_within_ten_seconds_whoever_is_connected_and_can_start_again() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("")).await;
    let idle = connect(&app).await;
    let mut slow = connect(&app).await;
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: a\r\nCookie: {COOKIE}\r\nSec-Fetch-Site: none\r\nContent-Type: application/json\r\n\
         Content-Length: 9\r\n\r\n",
        routes::DUBS
    );
    slow.write_all(head.as_bytes()).await.unwrap();
    let (config, started) = (app.config.clone(), Instant::now());
    let kept = app.stop().await;
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    drop((idle, slow));

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let shutdown = CancellationToken::new();
    let _guard = shutdown.clone().drop_guard();
    tokio::spawn(run(config, listener, shutdown));
    let visitor = crate::helpers::Visitor { base, ..visitor };
    assert_eq!(visitor.dub(&dub.id.0).await.id, dub.id);
    drop(kept);
}
