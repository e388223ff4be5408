//! `cargo xtask bench upload`: how fast the release server takes files, and how much memory that costs it. What else can be
//! measured stands below.

mod events;
mod jobs;
mod stamps;
mod visitor;

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process;
use std::thread;
use std::time::{Duration, Instant};

use crate::args::Args;
use crate::build::{self, Profile};
use crate::failure;
use crate::failure::{At, Outcome};
use crate::{console, servers};

const GIB: u64 = 1 << 30;
const MIB: u64 = 1 << 20;
/// How large one file is.
const FILE_BYTES: u64 = 2 * GIB;
/// How many arrive at once while the memory is watched.
const STREAMS: usize = 4;
/// What one stream should bring at least, in MiB/s.
const GOAL_RATE: u64 = 200;
/// What the server should take at most, in MiB.
const GOAL_MEMORY: u64 = 80;
/// How much is sent at once.
const PIECE: usize = 256 * 1024;
/// How long the server may say nothing: it looks into the file and puts it away.
const PATIENCE: Duration = Duration::from_mins(5);

/// Builds the server for release and measures it.
pub(crate) fn run(mut args: Args) -> Outcome {
    match args.word().as_deref() {
        Some("upload") => args.end()?,
        Some("jobs") => return jobs::run(args),
        Some("events") => return events::run(args),
        _ => {
            return Err(failure!("What is to be measured? There are `bench upload`, `bench jobs` and `bench events`."));
        }
    }
    let programs = build::programs(Profile::Release)?;
    let data = env::temp_dir().join(format!("redub-bench-{}", process::id()));
    let measured = measure(&programs.server, &data);
    let _ = fs::remove_dir_all(&data);
    measured
}

fn measure(program: &Path, data: &Path) -> Outcome {
    let port = servers::free_port()?;
    let settings = [
        ("REDUB_MODE", "sandbox".to_owned()),
        ("REDUB_PROVIDER_URL", "http://127.0.0.1:9/v1".to_owned()),
        // The provider's own storage takes no files of this size, so the limit could not be raised.
        ("REDUB_STAGING", "public".to_owned()),
        ("REDUB_PUBLIC_URL", format!("http://127.0.0.1:{port}")),
        ("REDUB_UPLOAD_MAX_BYTES", FILE_BYTES.to_string()),
        ("REDUB_UPLOAD_MAX_TOTAL_BYTES", (FILE_BYTES * STREAMS as u64).to_string()),
        ("RUST_LOG", "warn".to_owned()),
    ];
    let server = servers::server(program, port, data, &settings)?;
    let address = servers::loopback(port);
    let started = Instant::now();
    let path = upload(address)?;
    let seconds = started.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = (FILE_BYTES / MIB) as f64 / seconds;
    console::say(format_args!(
        "one stream of 2 GiB     {rate:.0} MiB/s, from the creation to the answer that it is whole on disk (goal: {GOAL_RATE})"
    ));
    send(address, "DELETE", &path, &[], |_| Ok(()))?;
    let uploads: Vec<_> = (0..STREAMS).map(|_| thread::spawn(move || upload(address).map(drop))).collect();
    for upload in uploads {
        upload.join().map_err(|_| failure!("A stream ended in a panic."))??;
    }
    let peak = peak_memory(server.id())? / MIB;
    console::say(format_args!(
        "{STREAMS} such streams at once  {peak} MiB of memory for the server at its peak (goal: under {GOAL_MEMORY})"
    ));
    Ok(())
}

/// Sends a video of [`FILE_BYTES`] as one long request; gives the upload's path.
fn upload(server: SocketAddr) -> Outcome<String> {
    let length = FILE_BYTES.to_string();
    let answer = send(server, "POST", "/api/uploads", &[("Upload-Length", &length)], |_| Ok(()))?;
    let path = answer.location.ok_or_else(|| failure!("The creation of an upload was answered {}.", answer.status))?;
    let headers = [
        ("Content-Type", "application/offset+octet-stream"),
        ("Upload-Offset", "0"),
        ("Content-Length", length.as_str()),
    ];
    let answer = send(server, "PATCH", &path, &headers, |stream| {
        let start = video_start();
        stream.write_all(&start)?;
        let (piece, mut left) = (vec![0x5a; PIECE], FILE_BYTES - start.len() as u64);
        while left > 0 {
            let part = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
            stream.write_all(&piece[..part])?;
            left -= part as u64;
        }
        Ok(())
    })?;
    if answer.status == 204 { Ok(path) } else { Err(failure!("An upload was answered {}.", answer.status)) }
}

/// What stands before the pictures of a video of [`FILE_BYTES`]: its type, an index with one sample, and the head of its
/// data.
fn video_start() -> Vec<u8> {
    let mdhd = boxed(*b"mdhd", &[&[0; 12][..], &1_000_u32.to_be_bytes(), &1_000_u32.to_be_bytes(), &[0; 4]].concat());
    let hdlr = boxed(*b"hdlr", &[&[0; 8][..], b"vide", &[0; 13]].concat());
    let stsz = boxed(*b"stsz", &[&[0; 4][..], &100_u32.to_be_bytes(), &1_u32.to_be_bytes()].concat());
    let minf = boxed(*b"minf", &boxed(*b"stbl", &stsz));
    let index = boxed(*b"moov", &boxed(*b"trak", &boxed(*b"mdia", &[mdhd, hdlr, minf].concat())));
    let mut start = [boxed(*b"ftyp", b"isom\0\0\0\0isom"), index].concat();
    let rest = FILE_BYTES - start.len() as u64;
    start.extend(1_u32.to_be_bytes());
    start.extend(b"mdat");
    start.extend(rest.to_be_bytes());
    start
}

fn boxed(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], &name, content].concat()
}

/// What is read of an answer.
struct Answer {
    status: u16,
    location: Option<String>,
}

/// One request in the name of one visitor.
fn send(
    server: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: impl FnOnce(&mut TcpStream) -> std::io::Result<()>,
) -> Outcome<Answer> {
    let what = || format!("{method} http://{server}{path}");
    let mut stream = TcpStream::connect(server).at(what())?;
    stream.set_read_timeout(Some(PATIENCE)).at(what())?;
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {server}\r\nConnection: close\r\nSec-Fetch-Site: same-origin\r\n\
         Tus-Resumable: 1.0.0\r\nCookie: redub_visitor=0123456789abcdef0123456789abcdef\r\n"
    );
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).at(what())?;
    body(&mut stream).at(what())?;
    let mut lines = BufReader::new(stream.take(64 * 1024)).lines().map_while(Result::ok);
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let status = status.ok_or_else(|| failure!("{}: no HTTP answer", what()))?;
    let location = lines.find_map(|line| Some(line.strip_prefix("location: ")?.to_owned()));
    Ok(Answer { status, location })
}

/// The most memory that a process has had, in bytes, as Linux tells it.
fn peak_memory(pid: u32) -> Outcome<u64> {
    let path = format!("/proc/{pid}/status");
    let status = fs::read_to_string(&path).at(&path)?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    kib.map(|kib: u64| kib * 1024).ok_or_else(|| failure!("{path} does not tell the peak."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_video_is_as_long_as_it_says() {
        let start = video_start();
        let boxes_before = start.len() as u64 - 16;
        assert_eq!(u64::from_be_bytes(start[start.len() - 8..].try_into().unwrap()), FILE_BYTES - boxes_before);
        assert_eq!(boxed(*b"free", b"x"), b"\0\0\0\x09freex");
    }
}
