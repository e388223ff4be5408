//! One GET at a server of ours: enough HTTP/1.1 to ask whether it is ready and to weigh what it sends.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::failure;
use crate::failure::{At, Outcome};

/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The value of `Content-Encoding`, empty if there is none.
    pub(crate) encoding: String,
    /// The body as it was transferred, still encoded.
    pub(crate) body: Vec<u8>,
}

/// Asks for `path`, taking `encoding` (`br`, `identity`).
pub(crate) fn get(server: SocketAddr, path: &str, encoding: &str) -> Outcome<Answer> {
    let what = || format!("GET http://{server}{path}");
    let mut stream = TcpStream::connect_timeout(&server, PATIENCE).at(what())?;
    stream.set_read_timeout(Some(PATIENCE)).at(what())?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {server}\r\nAccept-Encoding: {encoding}\r\nConnection: close\r\n\r\n")
        .at(what())?;
    read(BufReader::new(stream)).map_err(|failure| failure!("{}: {failure}", what()))
}

fn read(mut from: impl BufRead) -> Outcome<Answer> {
    let first = line(&mut from)?;
    let status = first
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .ok_or_else(|| failure!("no HTTP answer: `{first}`"))?;
    let (mut encoding, mut length, mut is_chunked) = (String::new(), None, false);
    loop {
        let header = line(&mut from)?;
        let Some((name, value)) = header.split_once(':') else { break };
        let value = value.trim().to_ascii_lowercase();
        match name.to_ascii_lowercase().as_str() {
            "content-encoding" => encoding = value,
            "content-length" => length = value.parse().ok(),
            "transfer-encoding" => is_chunked = value == "chunked",
            _ => {}
        }
    }
    let body = if is_chunked { chunks(&mut from)? } else { bytes(&mut from, length)? };
    Ok(Answer { status, encoding, body })
}

fn line(from: &mut impl BufRead) -> Outcome<String> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    Ok(line.trim_end().to_owned())
}

/// `length` bytes, or all there are where no length was told.
fn bytes(from: &mut impl BufRead, length: Option<u64>) -> Outcome<Vec<u8>> {
    let mut body = Vec::new();
    from.take(length.unwrap_or(u64::MAX)).read_to_end(&mut body)?;
    match length {
        Some(length) if (body.len() as u64) < length => {
            Err(failure!("the answer ended after {} of {length} bytes", body.len()))
        }
        _ => Ok(body),
    }
}

fn chunks(from: &mut impl BufRead) -> Outcome<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(from)?;
        let size = u64::from_str_radix(size.split(';').next().unwrap_or_default(), 16)
            .map_err(|_| failure!("no chunk size: `{size}`"))?;
        if size == 0 {
            return Ok(body);
        }
        body.extend(bytes(from, Some(size))?);
        line(from)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_comes_with_a_length_or_in_chunks() {
        let plain = read(&b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabcdef"[..]).unwrap();
        assert_eq!((plain.status, plain.encoding.as_str(), plain.body.as_slice()), (200, "br", &b"abc"[..]));
        let chunked =
            read(&b"HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n"[..])
                .unwrap();
        assert_eq!((chunked.status, chunked.body.as_slice()), (404, &b"abcde"[..]));
    }

    #[test]
    fn an_answer_that_ends_early_is_a_failure() {
        assert!(read(&b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"[..]).is_err());
        assert!(read(&b"SSH-2.0-x\r\n"[..]).is_err());
    }
}
