//! RFC 9457 problems: the only shape in which Redub says no.

use serde::{Deserialize, Serialize};

/// An error as `application/problem+json` (RFC 9457). The page acts on [`code`](Self::code), never on text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI reference for the kind of problem: `about:blank#CODE`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind of problem in a few words.
    pub title: String,
    /// The HTTP status it is, or would be, answered with.
    pub status: u16,
    /// What happened this time; safe to show.
    pub detail: String,
    /// What a program acts on.
    pub code: Code,
    /// The request to name when asking the operator; empty where a dub failed outside of any request.
    #[serde(default)]
    pub request_id: String,
    /// Every refused field at once, with [`Code::InvalidInput`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

impl Problem {
    /// A problem of this kind, in these words.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("about:blank#{}", code.as_str()),
            title: code.title().into(),
            status: code.status(),
            detail: detail.into(),
            code,
            request_id: String::new(),
            errors: Vec::new(),
        }
    }

    /// The problem of a request with these fields refused.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(Code::InvalidInput, "Some fields cannot be used as they are.") }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $title:literal;)*) => {
        /// What kind of problem this is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
            /// A code that this build does not know yet.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl Code {
            /// Every code that is given.
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name),*];

            /// The code as it stands in JSON.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* Self::Unknown => "unknown" }
            }

            /// The HTTP status it is answered with.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* Self::Unknown => 500 }
            }

            /// The kind of problem in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* Self::Unknown => "Unknown problem" }
            }
        }
    };
}

codes! {
    /// Fields were refused; `errors` has them all.
    InvalidInput = "invalid_input", 422, "Invalid input";
    /// The body is not JSON of the asked-for kind.
    MalformedJson = "malformed_json", 400, "Malformed JSON";
    /// The body has a field that does not exist.
    UnknownField = "unknown_field", 400, "Unknown field";
    /// Nothing here, or nothing of this visitor's.
    NotFound = "not_found", 404, "Not found";
    /// The route exists, but not for this method.
    MethodNotAllowed = "method_not_allowed", 405, "Method not allowed";
    /// The dub is not in a phase that allows this.
    Conflict = "conflict", 409, "Conflict";
    /// It is being worked on; ask again.
    Locked = "locked", 423, "Locked";
    /// The `Idempotency-Key` was used with another body.
    IdempotencyMismatch = "idempotency_mismatch", 422, "Idempotency key reused";
    /// The request is of another version of tus, or of none.
    UnsupportedTusVersion = "unsupported_tus_version", 412, "Unsupported version of tus";
    /// The body is too large.
    TooLarge = "too_large", 413, "Too large";
    /// The body's or a file's type is not taken.
    UnsupportedMedia = "unsupported_media", 415, "Unsupported media";
    /// Too many requests; see `Retry-After`.
    RateLimited = "rate_limited", 429, "Too many requests";
    /// The visitor's quota is used up; see `Retry-After`.
    QuotaExceeded = "quota_exceeded", 429, "Quota exceeded";
    /// Not allowed.
    Forbidden = "forbidden", 403, "Forbidden";
    /// A changing request from another site.
    CrossSite = "cross_site", 403, "Cross-site request";
    /// The request took too long to arrive.
    RequestTimeout = "request_timeout", 408, "Request timed out";
    /// The provider cannot be used right now.
    ProviderUnavailable = "provider_unavailable", 503, "Provider unavailable";
    /// The server cannot answer right now.
    NotReady = "not_ready", 503, "Not ready";
    /// The disk is full.
    StorageFull = "storage_full", 507, "Storage full";
    /// The cause is only in the log.
    Internal = "internal", 500, "Internal error";
    /// Of a dub: the provider took it and could not make it.
    DubFailed = "dub_failed", 502, "The dub could not be made";
    /// Of a dub: it was made, but its result could not be fetched or is no video.
    ResultUnusable = "result_unusable", 502, "The result cannot be used";
    /// Of a dub, and of its file: it was made, and is no longer kept here.
    ResultGone = "result_gone", 410, "No longer kept";
    /// Of a dub: whether the provider took it is not known.
    CreateUnconfirmed = "create_unconfirmed", 504, "Not confirmed";
}

/// Why one field was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the request's body, a dotted path where it is nested.
    pub field: String,
    /// What a program acts on.
    pub code: FieldCode,
    /// What is wrong and what would do; safe to show.
    pub detail: String,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldCode {
    /// It must be there.
    Required,
    /// It is of another JSON type.
    WrongType,
    /// It is none of the values that exist.
    NotAllowed,
    /// It is a number outside of its range.
    OutOfRange,
    /// It is too long.
    TooLong,
    /// It has a character that cannot be sent.
    BadCharacter,
    /// It is no link.
    NotALink,
    /// It is a link, but not one that the provider could fetch.
    NotPublic,
    /// It names an upload that does not exist.
    NoSuchUpload,
    /// It names an upload that has not arrived whole.
    UploadUnfinished,
    /// It names an upload of another kind: a picture where a voice is needed.
    WrongKind,
    /// It names a file larger than this server can pass on.
    TooLarge,
    /// A code that this build does not know yet.
    #[serde(other)]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_on_the_api_names_every_code_with_its_status() {
        let page = include_str!("../../../docs/api.md");
        for code in Code::ALL {
            let row = format!("| `{}` | {} |", code.as_str(), code.status());
            assert!(page.contains(&row), "docs/api.md lacks {row}");
        }
        let codes = page.split("## Codes").nth(1).unwrap_or_default();
        let rows = codes.lines().filter(|line| line.starts_with("| `")).count();
        assert_eq!(rows, Code::ALL.len(), "docs/api.md names a code that there is not");
    }
}
