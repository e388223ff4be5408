//! `cargo xtask bench jobs`: how well the release server uses what the provider's limits allow, how fast it accepts, and how
//! soon it is ready with a full store.
//!
//! The simulator is the witness of what was sent, by its journal and its own count; the server's log tells when it knew a
//! slot to be free.

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::stamps::{moment, number, percentile, text};
use super::visitor::Visitor;
use crate::args::Args;
use crate::build::{self, Profile, Programs};
use crate::failure;
use crate::failure::{At, Outcome};
use crate::{console, http, process, servers, system};

/// How many dubs are made unless told otherwise.
const DUBS: usize = 1_000;
/// How many visitors ask for them.
const VISITORS: usize = 16;
/// For how long requests are sent as fast as they are answered.
const ACCEPT_FOR: Duration = Duration::from_secs(10);
/// The provider's limits.
const RUNNING: usize = 10;
const CREATES: usize = 100;
const WINDOW: Duration = Duration::from_mins(1);
/// How much longer than its limits ask for the making of the dubs may take.
const PATIENCE: Duration = Duration::from_mins(2);
/// The log's words for a prediction that is over.
const ENDS: [&str; 4] = ["made", "failed", "cancelled", "unconfirmed"];
/// What a store is filled with before the server starts with it.
const FINISHED: usize = 100_000;
const UNFINISHED: usize = 1_000;

/// Builds the programs for release and measures them.
pub(super) fn run(mut args: Args) -> Outcome {
    let dubs = args.option("--dubs")?.unwrap_or(DUBS);
    args.end()?;
    system::ffmpeg()?;
    let programs = build::programs(Profile::Release)?;
    let filler = build::filler()?;
    let data = env::temp_dir().join(format!("redub-bench-{}", std::process::id()));
    let full = data.join("full");
    let measured = fill(&filler, &full)
        .and_then(|()| accept(&programs, &full))
        .and_then(|()| dispatch(&programs, &data.join("jobs"), dubs));
    let _ = fs::remove_dir_all(&data);
    measured
}

/// Fills the store of the data folder `data`.
fn fill(filler: &Path, data: &Path) -> Outcome {
    console::step(format_args!("Filling a store with {FINISHED} dubs that are over and {UNFINISHED} that are not"));
    fs::create_dir_all(data).at(data.display())?;
    let counts = ["--finished", &FINISHED.to_string(), "--unfinished", &UNFINISHED.to_string()];
    process::run(process::command(filler).arg(data.join("redub.sqlite")).args(counts))
}

/// How soon a server is ready with what stands in `data`, and how many requests for a dub it accepts in a second then,
/// each on disk before its 202. The provider is not there.
fn accept(programs: &Programs, data: &Path) -> Outcome {
    let settings = settings("http://127.0.0.1:9");
    let port = servers::free_port()?;
    let started = Instant::now();
    let _server = servers::server(&programs.server, port, data, &settings)?;
    let ready = started.elapsed().as_secs_f64();
    console::say(format_args!(
        "ready to serve           {ready:.1} s after the start, with {FINISHED} finished and {UNFINISHED} unfinished dubs (goal: 2)"
    ));
    let body = body("https://example.com");
    let started = Instant::now();
    let visitors: Vec<_> = (0..VISITORS)
        .map(|visitor| {
            let body = body.clone();
            thread::spawn(move || {
                let mut visitor = Visitor::connect(servers::loopback(port), visitor)?;
                let mut accepted = 0_u32;
                while started.elapsed() < ACCEPT_FOR {
                    visitor.ask(&body)?;
                    accepted += 1;
                }
                Outcome::Ok(accepted)
            })
        })
        .collect();
    let mut accepted = 0;
    for visitor in visitors {
        accepted += visitor.join().map_err(|_| failure!("A visitor ended in a panic."))??;
    }
    let rate = f64::from(accepted) / started.elapsed().as_secs_f64();
    console::say(format_args!("accepted dubs            {rate:.0} a second from {VISITORS} visitors (goal: 300)"));
    Ok(())
}

/// Has `dubs` dubs of a second made, and reads in the journal how the limits were used.
fn dispatch(programs: &Programs, data: &Path, dubs: usize) -> Outcome {
    let (_simulator, address) = servers::simulator(&programs.simulator, 0, &data.join("sim"), 1)?;
    let port = servers::free_port()?;
    let log = data.join("server.log");
    let _server = servers::server_logging(&programs.server, port, &data.join("data"), &settings(&address), &log)?;
    console::step(format_args!(
        "Making {dubs} dubs of a second: {} min at the provider's pace",
        dubs.div_ceil(CREATES)
    ));
    let body = body(&format!("{address}/sample"));
    for visitor in 0..VISITORS {
        let mut asking = Visitor::connect(servers::loopback(port), visitor)?;
        for _ in (visitor..dubs).step_by(VISITORS) {
            asking.ask(&body)?;
        }
    }
    let started = Instant::now();
    let limit = PATIENCE + WINDOW * 2 * u32::try_from(dubs.div_ceil(CREATES)).unwrap_or(u32::MAX);
    let ends = loop {
        let ends = steps(&log, &ENDS)?;
        if ends.len() >= dubs {
            break ends;
        }
        if started.elapsed() > limit {
            return Err(failure!("Only {} of {dubs} dubs were made within {} s.", ends.len(), limit.as_secs()));
        }
        thread::sleep(Duration::from_secs(1));
    };
    let simulator = address.strip_prefix("http://").and_then(|address| address.parse().ok());
    let simulator: SocketAddr = simulator.ok_or_else(|| failure!("`{address}` is no address."))?;
    let stats = http::get(simulator, "/stats", "identity")?.body;
    let creates = journal(&data.join("sim").join("journal.jsonl"))?;
    let accepted = steps(&log, &["accepted"])?;
    report(&String::from_utf8_lossy(&stats), &creates, &accepted, &ends);
    report_lags("answer to create", "", lags(&creates, &accepted, &known(&log)?));
    Ok(())
}

fn report(stats: &str, creates: &[Duration], accepted: &[Duration], ends: &[Duration]) {
    let of = |name| number(stats, name).unwrap_or_default();
    let refused = of("create_requests").saturating_sub(of("accepted"));
    console::say(format_args!("running at once          {} at most (limit: {RUNNING})", of("max_running")));
    let most = most_within(creates, WINDOW);
    console::say(format_args!(
        "creates in any 60 s      {most} at most (limit: {CREATES}), and {refused} turned away (goal: 0)"
    ));
    let lags = lags(creates, accepted, ends);
    let idle: Duration = lags.iter().sum();
    let busy: Duration = ends.iter().zip(creates).map(|(end, create)| end.saturating_sub(*create)).sum();
    let share = 100.0 * busy.as_secs_f64() / (busy + idle).as_secs_f64().max(f64::MIN_POSITIVE);
    console::say(format_args!("slots in use             {share:.1} % of the time that both limits allow (goal: 99)"));
    report_lags("free slot to create", " (goal: 50)", lags);
}

fn report_lags(what: &str, goal: &str, mut lags: Vec<Duration>) {
    lags.sort();
    let [p99, middle] = [0.99, 0.5].map(|share| percentile(&lags, share).as_secs_f64() * 1e3);
    console::say(format_args!("{what:<24} {p99:.0} ms at the 99th percentile, {middle:.0} ms in the middle{goal}"));
}

/// How long each create came after the moment that both limits allowed it, as far as the server could know. The server
/// counts a create from its answer on, and a slot as taken until it has read that the prediction ended.
fn lags(creates: &[Duration], accepted: &[Duration], ends: &[Duration]) -> Vec<Duration> {
    let lag = |(number, create): (usize, &Duration)| {
        let slot = number.checked_sub(RUNNING).and_then(|freed| ends.get(freed)).copied();
        let window = number.checked_sub(CREATES).and_then(|left| accepted.get(left)).map(|at| *at + WINDOW);
        let allowed = slot.max(window)?;
        Some(create.saturating_sub(allowed))
    };
    creates.iter().enumerate().filter_map(lag).collect()
}

/// The most of the sorted `moments` that lie within any time of this length.
fn most_within(moments: &[Duration], length: Duration) -> usize {
    let within = |(at, first): (usize, &Duration)| moments[at..].iter().take_while(|at| **at < *first + length).count();
    moments.iter().enumerate().map(within).max().unwrap_or_default()
}

fn journal(path: &Path) -> Outcome<Vec<Duration>> {
    let lines = fs::read_to_string(path).at(path.display())?;
    let mut creates: Vec<_> = lines.lines().filter_map(|line| moment(text(line, "at")?)).collect();
    creates.sort();
    Ok(creates)
}

/// When the log tells of one of these steps, sorted.
fn steps(log: &Path, words: &[&str]) -> Outcome<Vec<Duration>> {
    moments(log, words, |_| Some(Duration::ZERO))
}

/// When the server had the answers by which dubs ended, sorted: before it had booked them, and so given the slots back.
fn known(log: &Path) -> Outcome<Vec<Duration>> {
    moments(log, &ENDS, |line| number(line, "booked_ms").map(Duration::from_millis))
}

/// When the log tells of one of the steps `words`, less what `earlier` gives for its line, sorted.
fn moments(log: &Path, words: &[&str], earlier: impl Fn(&str) -> Option<Duration>) -> Outcome<Vec<Duration>> {
    let lines = fs::read_to_string(log).at(log.display())?;
    let is_wanted = |line: &&str| text(line, "step").is_some_and(|step| words.contains(&step));
    let at = |line| Some(moment(text(line, "timestamp")?)?.saturating_sub(earlier(line)?));
    let mut moments: Vec<_> = lines.lines().filter(is_wanted).filter_map(at).collect();
    moments.sort();
    Ok(moments)
}

fn settings(provider: &str) -> [(&'static str, String); 5] {
    [
        ("REDUB_MODE", "sandbox".to_owned()),
        (process::KEY, "sandbox".to_owned()),
        ("REDUB_PROVIDER_URL", format!("{provider}/v1")),
        ("REDUB_LOG_FORMAT", "json".to_owned()),
        ("RUST_LOG", "warn,redub_server::dispatch=info".to_owned()),
    ]
}

fn body(media: &str) -> String {
    format!(
        r#"{{"video":{{"url":"{media}/presenter.mp4"}},"audio":{{"url":"{media}/greeting_es.mp3"}},"resolution":"480p"}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(values: impl IntoIterator<Item = u64>) -> Vec<Duration> {
        values.into_iter().map(Duration::from_secs).collect()
    }

    #[test]
    fn the_fullest_minute_is_found() {
        assert_eq!(most_within(&seconds([0, 1, 59, 60, 61]), WINDOW), 3);
        assert_eq!(most_within(&[], WINDOW), 0);
    }

    #[test]
    fn a_create_is_late_by_what_both_limits_did_not_ask_for() {
        let creates = seconds((0..=100).map(|n| if n == 100 { 63 } else { n / 10 }));
        let ends = seconds((0..=100).map(|n| n / 10 + 1));
        let lags = lags(&creates, &creates, &ends);
        assert_eq!(lags.len(), 91);
        assert_eq!(lags.iter().max(), Some(&Duration::from_secs(3)), "it was 60 s after the first");
        assert_eq!(lags.iter().filter(|lag| lag.is_zero()).count(), 90);
    }
}
