//! The HTTP API and the page's files, a module a resource. Handlers speak the contract's types; what they need of the
//! server is in [`App`].

pub mod config;
pub mod dubs;
pub mod events;
pub mod health;
pub mod hooks;
pub mod media;
pub mod page;
pub mod streams;
pub mod uploads;

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, header};
use streams::Streams;
use tokio_util::sync::CancellationToken;

use crate::{
    dispatch::{Breaker, Hooks, Waker},
    media::MediaStore,
    storage::Storage,
    store::Store,
    uploads::Uploads,
};

/// What handlers share.
pub struct App {
    /// What must survive.
    pub store: Arc<dyn Store>,
    /// The results.
    pub media: Arc<MediaStore>,
    /// Every file that visitors may have.
    pub storage: Storage,
    /// What visitors upload.
    pub uploads: Arc<Uploads>,
    /// Tells the dispatcher that a dub was queued.
    pub waker: Waker,
    /// Takes what the provider says on its own.
    pub hooks: Hooks,
    /// What the operator is told of the provider.
    pub breaker: Breaker,
    /// The open streams of events.
    pub streams: Streams,
    /// Ends them.
    pub shutdown: CancellationToken,
    /// What the page is told of this server.
    pub config: contract::Config,
    /// Whether visitors come over HTTPS.
    pub is_https: bool,
    /// The origin of the address that visitors reach this server under, where that is known.
    pub public_origin: Option<String>,
}

/// Whether the caller already has what `etag` names (RFC 9110, section 13.1.2: compared weakly).
fn has_already(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let given = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    given.flat_map(|tags| tags.split(',')).any(|tag| tag.trim() == "*" || opaque(tag) == opaque(etag))
}

/// `text` as a header's value; empty if it cannot be one.
fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_tags_are_compared_weakly_and_as_a_list() {
        let has = |given: &'static str| {
            let headers = [(header::IF_NONE_MATCH, HeaderValue::from_static(given))].into_iter().collect();
            has_already(&headers, "W/\"7\"")
        };
        for given in ["\"7\"", "W/\"7\"", "\"6\", W/\"7\"", "*"] {
            assert!(has(given), "{given}");
        }
        for given in ["", "7", "\"70\"", "\"6\", \"8\""] {
            assert!(!has(given), "{given}");
        }
    }
}
