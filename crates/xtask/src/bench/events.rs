//! `cargo xtask bench events`: what a thousand open pages cost the release server while nothing happens, and how long what
//! it commits takes to every open page of a real browser.

use std::env;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process;
use std::thread;
use std::time::Duration;

use crate::args::Args;
use crate::build::{self, Profile};
use crate::failure;
use crate::failure::{At, Outcome};
use crate::{console, e2e, servers};

/// How many pages are open, each a visitor's of its own.
const STREAMS: usize = 1_000;
/// A quarter of its connections the server keeps from streams.
const CONNECTIONS: usize = 1_400;
/// For how long nothing happens.
const IDLE: Duration = Duration::from_secs(30);
/// How long a stream may take to say its first word.
const PATIENCE: Duration = Duration::from_secs(30);

/// Builds the page and the programs, the server for release, and measures them.
pub(super) fn run(args: Args) -> Outcome {
    args.end()?;
    build::set_up()?;
    let chromium = e2e::set_up()?;
    build::page()?;
    let programs = build::programs(Profile::Release)?;
    let data = env::temp_dir().join(format!("redub-bench-{}", process::id()));
    let measured = idle(&programs.server, &data);
    let _ = fs::remove_dir_all(&data);
    measured.and_then(|()| e2e::figures(&chromium, &programs))
}

/// What the server works while nothing happens, without streams and with them.
fn idle(program: &Path, data: &Path) -> Outcome {
    let port = servers::free_port()?;
    let settings = [
        ("REDUB_MODE", "sandbox".to_owned()),
        ("REDUB_PROVIDER_URL", "http://127.0.0.1:9/v1".to_owned()),
        ("REDUB_MAX_CONNECTIONS", CONNECTIONS.to_string()),
        ("RUST_LOG", "warn".to_owned()),
    ];
    let server = servers::server(program, port, data, &settings)?;
    console::step(format_args!("Watching an idle server: twice {} s", IDLE.as_secs()));
    let alone = worked(server.id())?;
    let streams: Vec<TcpStream> =
        (0..STREAMS).map(|visitor| open(servers::loopback(port), visitor)).collect::<Outcome<_>>()?;
    let watched = worked(server.id())?;
    for stream in streams {
        must_be_open(stream)?;
    }
    for (count, time) in [(0, alone), (STREAMS, watched)] {
        console::say(format_args!(
            "{count:>5} open streams       {} ms of one core's time in {} s without news",
            time.as_millis(),
            IDLE.as_secs()
        ));
    }
    Ok(())
}

/// Opens a visitor's stream and hears its first word.
fn open(server: SocketAddr, visitor: usize) -> Outcome<TcpStream> {
    let what = || format!("stream {visitor} of http://{server}");
    let mut stream = TcpStream::connect(server).at(what())?;
    stream.set_read_timeout(Some(PATIENCE)).at(what())?;
    let head =
        format!("GET /api/events HTTP/1.1\r\nHost: {server}\r\nCookie: redub_visitor={:032x}\r\n\r\n", visitor + 1);
    stream.write_all(head.as_bytes()).at(what())?;
    let mut said = String::new();
    while !said.contains("event: alive") {
        let mut piece = [0; 4096];
        match stream.read(&mut piece).at(what())? {
            0 => return Err(failure!("{} ended: {said}", what())),
            length => said.push_str(&String::from_utf8_lossy(&piece[..length])),
        }
    }
    Ok(stream)
}

/// Fails if the stream is over, or has said nothing since it was opened.
fn must_be_open(mut stream: TcpStream) -> Outcome {
    stream.set_nonblocking(true)?;
    let mut said = Vec::new();
    let end = stream.read_to_end(&mut said);
    let is_silent = !String::from_utf8_lossy(&said).contains("event: alive");
    if end.is_ok() || is_silent { Err(failure!("A stream was not kept open.")) } else { Ok(()) }
}

/// For how long a process works within the next [`IDLE`].
fn worked(pid: u32) -> Outcome<Duration> {
    let before = at_work(pid)?;
    thread::sleep(IDLE);
    Ok(at_work(pid)?.saturating_sub(before))
}

/// How long a process has been on a core, its threads that are over too, as Linux tells it.
fn at_work(pid: u32) -> Outcome<Duration> {
    let path = format!("/proc/{pid}/stat");
    let stat = fs::read_to_string(&path).at(&path)?;
    of_stat(&stat).ok_or_else(|| failure!("{path} does not tell the time."))
}

/// In hundredths of a second, of its own and of the system for it: the 14th and the 15th word. The second is a name in brackets,
/// which may have spaces.
fn of_stat(stat: &str) -> Option<Duration> {
    let (_, words) = stat.rsplit_once(')')?;
    let mut words = words.split_whitespace().skip(11);
    let mut hundredths = || words.next()?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (hundredths()? + hundredths()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_that_a_process_has_worked_is_read() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194304 7 8 9 10 123 45 0 0 20 0 9 0 1000 2000 300";
        assert_eq!(of_stat(stat), Some(Duration::from_millis(1_680)));
        assert_eq!(of_stat("42 (a)"), None);
        assert!(at_work(process::id()).is_ok());
    }
}
