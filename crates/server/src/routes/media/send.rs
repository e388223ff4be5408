//! Sending a stored file, in whole or the part that was asked for (RFC 9110, section 14).

use std::ops::Range;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::header_value;
use crate::storage::{Storage, StorageError};

/// Answers with the file `key`, whose state `etag` names. Its type, and how a browser may treat it, are the caller's to say.
///
/// # Errors
/// [`StorageError`] when the file is not there or cannot be read.
pub(super) async fn send(
    storage: &Storage,
    key: &str,
    etag: &str,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, StorageError> {
    let size = storage.size(key).await?;
    let part = match wanted(headers, etag, size) {
        Wanted::All => None,
        Wanted::Part(part) => Some(part),
        Wanted::Beyond => {
            let whole = [(header::CONTENT_RANGE, header_value(&format!("bytes */{size}")))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, whole).into_response());
        }
    };
    let length = part.as_ref().map_or(size, |part| part.end - part.start);
    let body = if method == Method::HEAD || length == 0 {
        Body::empty()
    } else {
        Body::from_stream(storage.read(key, part.clone()).await?.bytes)
    };
    let mut response = body.into_response();
    if let Some(part) = part {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let range = format!("bytes {}-{}/{size}", part.start, part.end - 1);
        response.headers_mut().insert(header::CONTENT_RANGE, header_value(&range));
    }
    response.headers_mut().insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    Ok(response)
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    All,
    Part(Range<u64>),
    Beyond,
}

/// What of a file of `size` bytes is asked for. Of several parts at once all is sent, which is allowed.
fn wanted(headers: &HeaderMap, etag: &str, size: u64) -> Wanted {
    // Section 13.1.5: a part of something else is of no use.
    let is_of_another = headers.get(header::IF_RANGE).is_some_and(|given| given.as_bytes() != etag.as_bytes());
    let Some(range) = headers.get(header::RANGE).filter(|_| !is_of_another) else { return Wanted::All };
    let Some(ranges) = range.to_str().ok().and_then(|range| http_range_header::parse_range_header(range).ok()) else {
        return Wanted::Beyond;
    };
    if ranges.ranges.len() > 1 {
        return Wanted::All;
    }
    match ranges.validate(size).ok().and_then(|mut ranges| ranges.pop()) {
        Some(part) if size > 0 => Wanted::Part(*part.start()..part.end().saturating_add(1).min(size)),
        _ => Wanted::Beyond,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(range: &'static str, if_range: Option<&'static str>) -> Wanted {
        let mut headers = HeaderMap::from_iter([(header::RANGE, HeaderValue::from_static(range))]);
        headers.extend(if_range.map(|tag| (header::IF_RANGE, HeaderValue::from_static(tag))));
        wanted(&headers, "\"a\"", 100)
    }

    #[test]
    fn one_part_is_cut_to_what_there_is() {
        for (range, part) in [
            ("bytes=0-9", 0..10),
            ("bytes=90-", 90..100),
            ("bytes=-5", 95..100),
            ("bytes=99-99", 99..100),
            ("bytes=0-1000", 0..100),
        ] {
            assert_eq!(asked(range, None), Wanted::Part(part), "{range}");
        }
        assert_eq!(asked("bytes=0-1,5-6", None), Wanted::All);
        for range in ["bytes=100-", "bytes=5-4", "bytes=x", "lines=1-2", "bytes="] {
            assert_eq!(asked(range, None), Wanted::Beyond, "{range}");
        }
    }

    #[test]
    fn a_part_of_something_else_is_not_sent() {
        assert_eq!(asked("bytes=0-9", Some("\"a\"")), Wanted::Part(0..10));
        for other in ["\"b\"", "W/\"a\"", "Sun, 22 Nov 2026 00:00:00 GMT"] {
            assert_eq!(asked("bytes=0-9", Some(other)), Wanted::All, "{other}");
        }
    }
}
