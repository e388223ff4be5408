//! Dubs as they change, over server-sent events: at once, in order, without a gap, for their owner alone.

use std::time::Duration;

use contract::{Code, Dub, Phase, routes};
use futures_util::future::join_all;
use reqwest::{Method, Response};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::helpers::{Answer, TestApp, Visitor, eventually};

/// Bounds every wait for an event; rendering is slow on a busy machine.
const BOUND: Duration = Duration::from_secs(90);

/// One event.
#[derive(Debug, Default)]
struct Event {
    id: Option<String>,
    name: Option<String>,
    data: String,
}

impl Event {
    fn parse(text: &str) -> Self {
        let mut event = Self::default();
        for line in text.lines() {
            match line.split_once(':').map(|(field, value)| (field, value.trim_start())) {
                Some(("id", value)) => event.id = Some(value.to_owned()),
                Some(("event", value)) => event.name = Some(value.to_owned()),
                Some(("data", value)) => event.data.push_str(value),
                _ => {}
            }
        }
        event
    }

    fn is_alive(&self) -> bool {
        self.name.as_deref() == Some(routes::ALIVE_EVENT)
    }

    fn dub(&self) -> Dub {
        assert_eq!(self.name.as_deref(), Some(routes::DUB_EVENT));
        serde_json::from_str(&self.data).unwrap()
    }
}

/// What a browser's `EventSource` does by hand.
struct Stream {
    response: Response,
    read: String,
    last_id: Option<String>,
}

impl Stream {
    async fn open(visitor: &Visitor, path: &str, last_id: Option<&str>) -> Self {
        let mut request = visitor.request(Method::GET, path).header("accept", "text/event-stream");
        if let Some(id) = last_id {
            request = request.header("last-event-id", id);
        }
        // One that was dropped is counted until the server has noticed.
        let response = eventually(async || {
            let response = request.try_clone().unwrap().send().await.unwrap();
            (response.status() != 429).then_some(response)
        })
        .await;
        assert_eq!(response.status(), 200);
        Self { response, read: String::new(), last_id: last_id.map(str::to_owned) }
    }

    /// The next event; `None` once the server has ended the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (event, rest) = (Event::parse(event), rest.to_owned());
                self.read = rest;
                if event.id.is_some() {
                    self.last_id.clone_from(&event.id);
                }
                return Some(event);
            }
            let chunk = timeout(BOUND, self.response.chunk()).await.expect("an event in time");
            self.read.push_str(std::str::from_utf8(&chunk.unwrap()?).unwrap());
        }
    }

    /// The next event that is no place in the queue.
    async fn told(&mut self) -> Option<Event> {
        loop {
            let event = self.next().await?;
            if event.id.is_some() {
                return Some(event);
            }
        }
    }

    /// The next dub that is told.
    async fn dub(&mut self) -> Option<Dub> {
        loop {
            let event = self.next().await?;
            if !event.is_alive() {
                return Some(event.dub());
            }
        }
    }

    /// What is told until a dub is in `phase`.
    async fn until(&mut self, phase: Phase) -> Vec<Dub> {
        let mut told = Vec::new();
        while told.last().is_none_or(|dub: &Dub| dub.phase != phase) {
            told.push(self.dub().await.unwrap());
        }
        told
    }
}

#[tokio::test]
async fn a_page_hears_of_a_dub_from_the_queue_to_its_result() {
    let app = TestApp::start().await;
    let visitor = app.visitor().await;
    let mut all = Stream::open(&visitor, routes::EVENTS, None).await;
    let asked = visitor.ask(&app.wish("")).await;
    let mut one = Stream::open(&visitor, &routes::dub_events(&asked.id.0), None).await;
    for told in [all.until(Phase::Succeeded).await, one.until(Phase::Succeeded).await] {
        assert!(told.iter().all(|dub| dub.id == asked.id));
        let order: Vec<_> = told.iter().map(|dub| Phase::ALL.iter().position(|phase| *phase == dub.phase)).collect();
        assert!(order.is_sorted(), "{order:?}");
        assert_eq!(*told.last().unwrap(), visitor.dub(&asked.id.0).await, "the event is what a look shows");
    }
    assert!(one.dub().await.is_none(), "the stream of one dub ends with it");
    let request = visitor.request(Method::GET, &routes::dub_events(&asked.id.0));
    let again = Answer::to(request.header("last-event-id", one.last_id.unwrap())).await;
    assert_eq!((again.status, again.body.len()), (204, 0), "a browser does not come back");
}

#[tokio::test]
async fn nothing_on_the_way_keeps_or_collects_a_stream() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("")).await;
    for path in [routes::EVENTS.to_owned(), routes::dub_events(&dub.id.0)] {
        let mut stream = Stream::open(&visitor, &path, None).await;
        let headers = stream.response.headers().clone();
        assert_eq!(headers["content-type"], "text/event-stream");
        assert_eq!(headers["x-accel-buffering"], "no");
        let caching = headers["cache-control"].to_str().unwrap();
        assert!(["private", "no-store", "no-transform"].iter().all(|word| caching.contains(word)), "{caching}");
        assert!(!headers.contains_key("content-encoding") && !headers.contains_key("content-length"));
        assert!(stream.next().await.unwrap().is_alive(), "something comes at once");
    }
}

#[tokio::test]
async fn a_stream_that_was_cut_goes_on_without_a_gap_or_a_step_back() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let first = visitor.ask(&app.wish("")).await;
    let second = visitor.ask(&app.wish("")).await;
    let mut stream = Stream::open(&visitor, routes::EVENTS, None).await;
    assert_eq!(stream.dub().await.unwrap().id, first.id);
    let known = stream.last_id.clone();
    drop(stream);
    // The server is another one by then.
    let app = app.restart().await;
    let visitor = Visitor { base: app.base.clone(), ..visitor };
    let third = visitor.ask(&app.wish("")).await;
    let mut stream = Stream::open(&visitor, routes::EVENTS, known.as_deref()).await;
    for dub in [&second, &third] {
        assert_eq!(stream.dub().await.unwrap().id, dub.id);
    }
    for broken in ["99999", "-1", "x", ""] {
        let mut stream = Stream::open(&visitor, routes::EVENTS, Some(broken)).await;
        for dub in [&first, &second, &third] {
            assert_eq!(stream.dub().await.unwrap().id, dub.id, "{broken:?} is told everything");
        }
    }
    let since = format!("{}?since={}", routes::EVENTS, known.as_deref().unwrap());
    let mut stream = Stream::open(&visitor, &since, None).await;
    assert_eq!(stream.dub().await.unwrap().id, second.id, "a stream of its own goes on there too");
    let mut stream = Stream::open(&visitor, &since, stream.last_id.as_deref()).await;
    assert_eq!(stream.dub().await.unwrap().id, third.id, "what the browser has heard since goes before it");
}

#[tokio::test]
async fn a_page_hears_that_a_dub_was_deleted_and_so_does_one_that_was_cut_off() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let (kept, deleted) = (visitor.ask(&app.wish("")).await, visitor.ask(&app.wish("")).await);
    let mut open = Stream::open(&visitor, routes::EVENTS, None).await;
    assert_eq!(open.dub().await.unwrap().id, kept.id);
    let mut cut = Stream::open(&visitor, routes::EVENTS, open.last_id.as_deref()).await;
    assert_eq!(open.dub().await.unwrap().id, deleted.id);
    cut.dub().await.unwrap();
    let known = cut.last_id.clone();
    drop(cut);
    let answer = Answer::to(visitor.request(Method::DELETE, &routes::dub(&deleted.id.0))).await;
    assert_eq!(answer.status, 204);
    let again = Stream::open(&visitor, routes::EVENTS, known.as_deref()).await;
    for mut stream in [open, again] {
        let told = stream.told().await.unwrap();
        assert_eq!(told.name.as_deref(), Some(routes::GONE_EVENT));
        assert_eq!(told.data, format!(r#"{{"id":"{}"}}"#, deleted.id.0));
    }
}

#[tokio::test]
async fn two_visitors_hear_of_their_own_dubs_alone() {
    let app = TestApp::idle().await;
    let (anna, ben) = (app.visitor().await, app.visitor().await);
    let (mut to_anna, mut to_ben) =
        (Stream::open(&anna, routes::EVENTS, None).await, Stream::open(&ben, routes::EVENTS, None).await);
    let hers = anna.ask(&app.wish("")).await;
    let his = ben.ask(&app.wish("")).await;
    assert_eq!(to_anna.dub().await.unwrap().id, hers.id);
    assert_eq!(to_ben.dub().await.unwrap().id, his.id, "nothing came before it");
    let answer = ben.get(&routes::dub_events(&hers.id.0)).await;
    assert_eq!((answer.status, answer.problem().code), (404, Code::NotFound));
}

#[tokio::test]
async fn a_visitor_has_so_many_streams_and_no_more() {
    let app = TestApp::idle().await;
    let (anna, ben) = (app.visitor().await, app.visitor().await);
    let mut open = join_all((0..4).map(|_| Stream::open(&anna, routes::EVENTS, None))).await;
    let answer = anna.get(routes::EVENTS).await;
    assert_eq!((answer.status, answer.problem().code), (429, Code::RateLimited));
    assert!(!answer.header("retry-after").is_empty());
    Stream::open(&ben, routes::EVENTS, None).await;
    open.pop();
    eventually(async || {
        let request = anna.request(Method::GET, routes::EVENTS).send().await.unwrap();
        (request.status() == 200).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_thousand_idle_streams_leave_room_for_others_and_each_hears_its_own() {
    let app = TestApp::with(|config| config.connections.at_once = 1_400).await;
    let address = app.base.trim_start_matches("http://").to_owned();
    let cookie = |n: usize| format!("redub_visitor={n:032x}");
    let mut streams = Vec::new();
    for n in 0..1_000 {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let head = format!("GET {} HTTP/1.1\r\nHost: a\r\nCookie: {}\r\n\r\n", routes::EVENTS, cookie(n));
        stream.write_all(head.as_bytes()).await.unwrap();
        read_until(&mut stream, "event: alive").await;
        streams.push(stream);
    }
    for n in [0, 499, 999] {
        let visitor = Visitor { cookie: Some(cookie(n)), ..app.stranger() };
        let dub = visitor.ask(&app.wish("sim:error")).await;
        assert!(read_until(&mut streams[n], "\"failed\"").await.contains(&dub.id.0));
    }
    assert_eq!(app.stranger().get("/readyz").await.status, 200);
    app.stop().await;
    for mut stream in streams {
        let mut rest = Vec::new();
        timeout(BOUND, stream.read_to_end(&mut rest)).await.expect("it is closed").unwrap();
    }
}

/// All that comes until `text` has come.
async fn read_until(stream: &mut TcpStream, text: &str) -> String {
    let mut read = Vec::new();
    loop {
        let so_far = String::from_utf8_lossy(&read);
        if so_far.contains(text) {
            return so_far.into_owned();
        }
        let mut chunk = [0; 4096];
        let count = timeout(BOUND, stream.read(&mut chunk)).await.expect("something in time").unwrap();
        assert_ne!(count, 0, "closed after {:?}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&chunk[..count]);
    }
}

#[tokio::test]
async fn a_stream_ends_whole_when_the_server_stops() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let dub = visitor.ask(&app.wish("")).await;
    let mut all = Stream::open(&visitor, routes::EVENTS, None).await;
    let mut one = Stream::open(&visitor, &routes::dub_events(&dub.id.0), None).await;
    assert_eq!((all.dub().await.unwrap().id, one.dub().await.unwrap().id), (dub.id.clone(), dub.id));
    let started = std::time::Instant::now();
    let kept = app.stop().await;
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert!(all.dub().await.is_none() && one.dub().await.is_none(), "no chunk is cut");
    drop(kept);
}

/// Longer than a client may take for its next request's headers.
#[tokio::test]
async fn a_stream_without_news_is_kept_open() {
    let app = TestApp::idle().await;
    let visitor = app.visitor().await;
    let mut stream = Stream::open(&visitor, routes::EVENTS, None).await;
    assert!(stream.next().await.unwrap().is_alive(), "the hello");
    assert!(stream.next().await.unwrap().is_alive(), "a sign of life");
    let dub = visitor.ask(&app.wish("")).await;
    assert_eq!(stream.dub().await.unwrap().id, dub.id);
}
