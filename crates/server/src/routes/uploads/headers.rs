//! The headers of tus: read from requests, put on answers.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use contract::{
    FieldCode, FieldError, UploadKind,
    upload::{FILE_NAME, KIND, OFFSET_OCTET_STREAM, TUS_VERSION},
};

use crate::{error::ApiError, uploads::Wish};

pub(super) const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
pub(super) const VERSION: HeaderName = HeaderName::from_static("tus-version");
pub(super) const EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
pub(super) const MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
pub(super) const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
pub(super) const LENGTH: HeaderName = HeaderName::from_static("upload-length");
pub(super) const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
pub(super) const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
pub(super) const METHOD_OVERRIDE: HeaderName = HeaderName::from_static("x-http-method-override");
const DEFER_LENGTH: HeaderName = HeaderName::from_static("upload-defer-length");

/// Room for the longest file name there is, four bytes a character, in base64.
const METADATA_MAX_BYTES: usize = 8 * 1024;

/// Refuses what is not of our version of tus.
pub async fn speak_tus(request: Request, next: Next) -> Response {
    let is_ours = request.headers().get(RESUMABLE).is_some_and(|version| version == TUS_VERSION);
    if is_ours || request.method() == Method::OPTIONS {
        next.run(request).await
    } else {
        ([(VERSION, TUS_VERSION)], ApiError::UnsupportedTusVersion).into_response()
    }
}

/// Names our version of tus on every answer to `/uploads`, those of the layers around it too.
pub async fn name_version(request: Request, next: Next) -> Response {
    let is_tus = request.uri().path().starts_with("/uploads");
    let mut response = next.run(request).await;
    if is_tus {
        response.headers_mut().insert(RESUMABLE, HeaderValue::from_static(TUS_VERSION));
    }
    response
}

/// What a creation asks for; every refused header at once.
pub(super) fn wish(headers: &HeaderMap) -> Result<Wish, ApiError> {
    let mut errors = Vec::new();
    let length_bytes = length(headers).unwrap_or_else(|error| {
        errors.push(error);
        0
    });
    let mut wish = Wish { length_bytes, ..Wish::default() };
    if let Err(error) = describe(headers, &mut wish) {
        errors.push(error);
    }
    if errors.is_empty() { Ok(wish) } else { Err(ApiError::Invalid(errors)) }
}

fn length(headers: &HeaderMap) -> Result<u64, FieldError> {
    let refuse = |code, detail| refused(&LENGTH, code, detail);
    match headers.get(LENGTH) {
        Some(value) => number(value).ok_or_else(|| refuse(FieldCode::WrongType, "Say how many bytes the file has.")),
        None if headers.contains_key(DEFER_LENGTH) => {
            Err(refuse(FieldCode::Required, "The length must be known at the beginning."))
        }
        None => Err(refuse(FieldCode::Required, "Say how many bytes the file has.")),
    }
}

fn describe(headers: &HeaderMap, wish: &mut Wish) -> Result<(), FieldError> {
    let refuse = |code, detail| Err(refused(&METADATA, code, detail));
    let Some(value) = headers.get(METADATA) else { return Ok(()) };
    let Ok(text) = value.to_str() else { return refuse(FieldCode::BadCharacter, "Metadata must be ASCII.") };
    if text.len() > METADATA_MAX_BYTES {
        return refuse(FieldCode::TooLong, "So much metadata is not taken.");
    }
    for pair in text.split(',') {
        let (key, value) = pair.trim().split_once(' ').unwrap_or((pair.trim(), ""));
        if !matches!(key, KIND | FILE_NAME) {
            continue;
        }
        let Ok(value) = BASE64_STANDARD.decode(value.trim()) else {
            return refuse(FieldCode::WrongType, "A value in the metadata is not base64.");
        };
        let value = String::from_utf8_lossy(&value);
        if key == FILE_NAME {
            wish.file_name = Some(value.into_owned());
            continue;
        }
        wish.kind = UploadKind::from_name(&value);
        if wish.kind.is_none() {
            return refuse(FieldCode::NotAllowed, "A file is a video, an audio or an image.");
        }
    }
    wish.metadata = Some(text.to_owned());
    Ok(())
}

/// Where the bytes of a `PATCH` begin.
pub(super) fn offset(headers: &HeaderMap) -> Result<u64, ApiError> {
    if headers.get(header::CONTENT_TYPE).is_none_or(|value| value != OFFSET_OCTET_STREAM) {
        let detail = format!("Send the bytes with the content type {OFFSET_OCTET_STREAM}.");
        return Err(ApiError::UnsupportedFile(detail));
    }
    let refuse = |code| ApiError::Invalid(vec![refused(&OFFSET, code, "Say at which byte this goes on.")]);
    let value = headers.get(OFFSET).ok_or_else(|| refuse(FieldCode::Required))?;
    number(value).ok_or_else(|| refuse(FieldCode::WrongType))
}

/// How many bytes a body has, where that is said.
pub(super) fn body_bytes(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH).and_then(number)
}

/// A whole number in digits alone; more of them than a number can have stand for the largest.
fn number(value: &HeaderValue) -> Option<u64> {
    let digits = value.to_str().ok()?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

fn refused(name: &HeaderName, code: FieldCode, detail: &str) -> FieldError {
    FieldError { field: name.as_str().into(), code, detail: detail.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn a_creation_says_what_it_is_for() {
        let metadata = "filename w5xmb3RvLm1wNA==,kind dmlkZW8=, is_confidential";
        let wish = wish(&headers(&[(LENGTH, "1000"), (METADATA, metadata)])).unwrap();
        assert_eq!((wish.length_bytes, wish.kind), (1_000, Some(UploadKind::Video)));
        assert_eq!((wish.file_name.as_deref(), wish.metadata.as_deref()), (Some("Ü\u{66}oto.mp4"), Some(metadata)));
    }

    #[test]
    fn every_refused_header_is_told_at_once() {
        let refused = |pairs: &[(HeaderName, &str)]| match wish(&headers(pairs)) {
            Err(ApiError::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
            _ => Vec::new(),
        };
        assert_eq!(refused(&[]), ["upload-length"]);
        assert_eq!(refused(&[(DEFER_LENGTH, "1")]), ["upload-length"]);
        for wrong in ["-1", "1.5", "", "0x10"] {
            assert_eq!(refused(&[(LENGTH, wrong)]), ["upload-length"], "{wrong}");
        }
        assert_eq!(refused(&[(METADATA, "kind ?")]), ["upload-length", "upload-metadata"]);
        for wrong in ["kind ?", "kind", "kind c3Bvb24=", "filename *", &format!("x {}", "A".repeat(9_000))] {
            assert_eq!(refused(&[(LENGTH, "1"), (METADATA, wrong)]), ["upload-metadata"], "{wrong}");
        }
        assert_eq!(wish(&headers(&[(LENGTH, &"9".repeat(40))])).unwrap().length_bytes, u64::MAX);
    }
}
