//! One who asks for dubs, over and over, on one connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::failure;
use crate::failure::Outcome;

/// How long the server may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);

/// One visitor on one connection.
pub(super) struct Visitor {
    server: SocketAddr,
    number: usize,
    from: BufReader<TcpStream>,
}

impl Visitor {
    pub(super) fn connect(server: SocketAddr, number: usize) -> Outcome<Self> {
        let stream = TcpStream::connect(server)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self { server, number, from: BufReader::new(stream) })
    }

    /// Asks for a dub, and waits for its 202.
    pub(super) fn ask(&mut self, body: &str) -> Outcome {
        let request = format!(
            "POST /api/dubs HTTP/1.1\r\nHost: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n\
             Cookie: redub_visitor={:032x}\r\nContent-Length: {}\r\n\r\n{body}",
            self.server,
            self.number + 1,
            body.len()
        );
        self.from.get_mut().write_all(request.as_bytes())?;
        let (mut first, mut length) = (String::new(), 0);
        self.from.read_line(&mut first)?;
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line)?;
            match line.trim_end().to_ascii_lowercase().split_once(": ") {
                Some(("content-length", value)) => length = value.parse().unwrap_or(0),
                Some(_) => {}
                None => break,
            }
        }
        self.from.read_exact(&mut vec![0; length])?;
        if first.contains(" 202 ") {
            Ok(())
        } else {
            Err(failure!("A request for a dub was answered `{}`.", first.trim()))
        }
    }
}
