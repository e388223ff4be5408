//! `POST /api/dubs`: a 202 is a promise, so the dub is on disk before it is given.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use contract::ParsedUrl;
use url::Url;

use super::{App, accepted, body, keyed, to_insert, uploads};
use crate::{
    clock::Moment,
    dispatch::Estimates,
    error::ApiError,
    fail_points::fail_point,
    store::{DubToInsert, Inserted},
    visitor::KnownVisitor,
};

/// Takes a dub in.
///
/// # Errors
/// Every refused field at once, or that nobody could find the dub again; nothing is stored then.
pub async fn create(
    State(app): State<Arc<App>>,
    KnownVisitor(owner): KnownVisitor,
    request: Request,
) -> Result<Response, ApiError> {
    let (key, body) = keyed::read(body::MAX_BYTES, request).await?;
    // What was promised once stays so, even where the files that it was made from are gone.
    if let Ok(Some(request)) = &key
        && let Some(known) = app.store.repeated(&owner, request).await?
    {
        return answer(&app, known);
    }
    let mut wish = body::wish(body)?;
    let max_bytes = app.uploads.limits().max_bytes;
    wish.refuse(uploads::refused(&*app.store, &owner, wish.uploads(), max_bytes).await?);
    let valid = wish.validate(app.config.mode.media_policy(), parse_url);
    let (key, valid) = keyed::both(key, valid)?;
    let estimates = Estimates::read(&*app.store, valid.resolution, app.config.estimate_s).await?;
    let voice_ms = uploads::voice_ms(&*app.store, &owner, &valid.audio).await?;
    let dub = DubToInsert { idempotency: key, ..to_insert(valid, owner, estimates.of(voice_ms)) };
    answer(&app, app.store.insert_dub(dub, Moment::now()).await?)
}

fn answer(app: &App, inserted: Inserted) -> Result<Response, ApiError> {
    match inserted {
        Inserted::New(stored) => {
            fail_point!(C1);
            tracing::info!(dub = %stored.dub.id, "accepted");
            app.waker.wake();
            Ok(accepted(stored))
        }
        Inserted::Known(stored) => Ok(accepted(stored)),
        Inserted::Mismatch => Err(ApiError::IdempotencyMismatch),
        Inserted::UploadMissing => {
            Err(ApiError::Conflict("A file of this dub has just been removed. Upload it again."))
        }
    }
}

/// Parses a link by the WHATWG rules, which bring every form of an address down to one.
pub(super) fn parse_url(text: &str) -> Option<ParsedUrl> {
    let url = Url::parse(text).ok()?;
    Some(ParsedUrl {
        scheme: url.scheme().to_owned(),
        host: url.host_str().unwrap_or_default().to_owned(),
        has_credentials: !url.username().is_empty() || url.password().is_some(),
        has_fragment: url.fragment().is_some(),
    })
}

#[cfg(test)]
mod tests {
    use contract::{MediaPolicy, media_url};

    use super::*;

    #[test]
    fn every_way_to_write_a_private_address_is_seen_through() {
        for link in [
            "https://2130706433/a.mp4",
            "https://0x7f.1/a.mp4",
            "https://0177.0.0.1/a.mp4",
            "https://127.1/a.mp4",
            "https://[::ffff:7f00:1]/a.mp4",
            "https://[::ffff:127.0.0.1]/a.mp4",
            "https://0.0.0.0/a.mp4",
            "https://0/a.mp4",
            "https://localhost/a.mp4",
            "https://LOCALHOST./a.mp4",
            "https://user@example.com/a.mp4",
            "https://:pass@example.com/a.mp4",
            "https://example.com/a.mp4#b",
            "https://exa\u{ff0e}mple/\ta.mp4",
            "https://127\u{3002}0\u{3002}0\u{3002}1/a.mp4",
            "http://example.com/a.mp4",
            "data:video/mp4;base64,AAAA",
            "file:///etc/passwd",
            "//example.com/a.mp4",
            "",
        ] {
            assert!(media_url::check(link, MediaPolicy::PublicOnly, parse_url).is_err(), "{link}");
        }
    }

    #[test]
    fn public_links_pass() {
        for link in
            ["https://example.com/a.mp4", "https://bücher.example/a%20b.mp4?x=1", "https://93.184.216.34:8443/a"]
        {
            assert_eq!(media_url::check(link, MediaPolicy::PublicOnly, parse_url), Ok(()), "{link}");
        }
    }
}
