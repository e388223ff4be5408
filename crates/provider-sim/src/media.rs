//! Answers with a media file: its type, its length, one byte range (RFC 9110, section 14), and leave for any origin to play it.

use std::io;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use crate::refusal::Refusal;

/// Where the bytes are.
pub(crate) enum Source {
    Memory(&'static [u8]),
    Disk(PathBuf),
}

/// The file, or the range of it that `headers` asks for. A `cut` answer promises all and breaks off halfway.
pub(crate) async fn answer(
    headers: &HeaderMap,
    source: Source,
    content_type: &str,
    cut: bool,
) -> Result<Response, Refusal> {
    let lost = |error: io::Error| Refusal::internal(error.to_string());
    let size = match &source {
        Source::Memory(bytes) => bytes.len() as u64,
        Source::Disk(path) => tokio::fs::metadata(path).await.map_err(lost)?.len(),
    };
    let wanted = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let (status, range) = match wanted.map_or(Wanted::Whole, |text| parse(text, size)) {
        Wanted::Whole => (StatusCode::OK, None),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, Some(range)),
        Wanted::Nothing => (StatusCode::RANGE_NOT_SATISFIABLE, None),
    };
    let (start, length) = match (&range, status) {
        (_, StatusCode::RANGE_NOT_SATISFIABLE) => (0, 0),
        (Some(range), _) => (*range.start(), range.end() - range.start() + 1),
        (None, _) => (0, size),
    };
    let body = body(source, start, if cut { length / 2 } else { length }, cut).await.map_err(lost)?;
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let set = response.headers_mut();
    set.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_str(content_type).unwrap_or(HeaderValue::from_static("application/octet-stream")),
    );
    set.insert(header::CONTENT_LENGTH, length.into());
    set.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    set.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    set.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    let shown = range.map(|range| format!("{}-{}", range.start(), range.end()));
    if status != StatusCode::OK {
        let text = format!("bytes {}/{size}", shown.unwrap_or_else(|| "*".into()));
        set.insert(header::CONTENT_RANGE, HeaderValue::try_from(text).map_err(|_| Refusal::internal("range"))?);
    }
    Ok(response)
}

async fn body(source: Source, start: u64, length: u64, cut: bool) -> io::Result<Body> {
    let bytes = match source {
        Source::Memory(bytes) => {
            let from = usize::try_from(start).unwrap_or(usize::MAX);
            let to = usize::try_from(start + length).unwrap_or(usize::MAX);
            stream::iter([Ok(Bytes::from_static(&bytes[from..to]))]).boxed()
        }
        Source::Disk(path) => {
            let mut file = tokio::fs::File::open(path).await?;
            file.seek(io::SeekFrom::Start(start)).await?;
            ReaderStream::with_capacity(file.take(length), 64 * 1024).boxed()
        }
    };
    // An error inside a body makes hyper close the connection: what a reader sees as a file cut short. Pending once
    // before it makes hyper send what it has gathered, or not even the head would arrive.
    let end = stream::once(async {
        tokio::task::yield_now().await;
        Err(io::Error::other("cut short on request"))
    });
    let end = stream::iter(cut.then_some(end)).flatten();
    Ok(Body::from_stream(bytes.chain(end)))
}

#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(RangeInclusive<u64>),
    Nothing,
}

/// One range; a list, another unit and nonsense are answered with the whole, as the RFC allows.
fn parse(text: &str, size: u64) -> Wanted {
    let Some((first, last)) = text.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Wanted::Whole;
    };
    let end = size.saturating_sub(1);
    let (start, stop) = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(start), Ok(stop)) if start <= stop => (start, stop.min(end)),
        (Ok(start), _) if last.trim().is_empty() => (start, end),
        (_, Ok(0)) if first.trim().is_empty() => return Wanted::Nothing,
        (_, Ok(suffix)) if first.trim().is_empty() => (size.saturating_sub(suffix), end),
        _ => return Wanted::Whole,
    };
    if start < size { Wanted::Part(start..=stop) } else { Wanted::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_range_is_read_and_everything_else_is_the_whole() {
        for (text, wanted) in [
            ("bytes=0-", Wanted::Part(0..=99)),
            ("bytes=10-19", Wanted::Part(10..=19)),
            ("bytes=90-200", Wanted::Part(90..=99)),
            ("bytes=-5", Wanted::Part(95..=99)),
            ("bytes=-500", Wanted::Part(0..=99)),
            ("bytes=100-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=0-1,4-5", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
        ] {
            assert_eq!(parse(text, 100), wanted, "{text}");
        }
    }
}
