//! The headers that tell a browser what a page of ours may do, set on every answer.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use contract::Mode;
use sha2::{Digest as _, Sha256};

/// The headers of one server; what a route has set itself stays.
#[derive(Debug, Clone)]
pub struct SecurityHeaders(HeaderMap);

impl SecurityHeaders {
    /// Those for a page that starts with `index_html`: its inline scripts run, and no others.
    pub fn new(mode: Mode, is_https: bool, index_html: &str) -> Self {
        let mut headers = HeaderMap::new();
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(header::CONTENT_SECURITY_POLICY, &content_security_policy(mode, index_html));
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(header::X_FRAME_OPTIONS, "DENY");
        // Media links name their owner's dubs: they are nobody else's business.
        set(header::REFERRER_POLICY, "no-referrer");
        set(
            HeaderName::from_static("permissions-policy"),
            "camera=(), microphone=(self), geolocation=(), payment=(), usb=()",
        );
        set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
        set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
        if is_https {
            set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
        }
        Self(headers)
    }

    /// Sets those that are not set yet.
    pub fn add_to(&self, headers: &mut HeaderMap) {
        for (name, value) in &self.0 {
            headers.entry(name).or_insert_with(|| value.clone());
        }
    }
}

fn content_security_policy(mode: Mode, index_html: &str) -> String {
    let mut scripts = vec!["script-src 'self' 'wasm-unsafe-eval'".to_owned()];
    scripts.extend(inline_scripts(index_html).iter().map(|script| format!("'{}'", hash(script))));
    // A sandbox plays its sample, and whatever is tried, from this machine.
    let sandbox_media = match mode {
        Mode::Sandbox => " http://127.0.0.1:* http://localhost:*",
        Mode::Live => "",
    };
    [
        "default-src 'self'".into(),
        scripts.join(" "),
        "style-src 'self'".into(),
        "img-src 'self' data: blob:".into(),
        format!("media-src 'self' https: blob:{sandbox_media}"),
        "connect-src 'self'".into(),
        "object-src 'none'".into(),
        "base-uri 'none'".into(),
        "form-action 'self'".into(),
        "frame-ancestors 'none'".into(),
    ]
    .join("; ")
}

/// The texts of the scripts that stand in the page itself, as a browser's parser gives them: with line feeds alone.
fn inline_scripts(html: &str) -> Vec<String> {
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        rest = &rest[start..];
        let Some(open_end) = rest.find('>') else { break };
        let (tag, after) = rest.split_at(open_end + 1);
        let Some(close) = after.find("</script") else { break };
        if !tag.contains(" src=") && !after[..close].is_empty() {
            scripts.push(after[..close].replace("\r\n", "\n"));
        }
        rest = &after[close..];
    }
    scripts
}

fn hash(script: &str) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_found_as_a_browser_finds_them() {
        let html =
            "<script src=\"/a.js\"></script>\n<script type=\"module\">\r\nimport a;</script><script></script><p>";
        assert_eq!(inline_scripts(html), ["\nimport a;"]);
    }

    #[test]
    fn a_hash_is_that_of_the_specification() {
        // CSP Level 3, section 8.3's example script.
        assert_eq!(hash("alert('Hello, world.');"), "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=");
    }

    #[test]
    fn only_a_sandbox_plays_media_from_this_machine() {
        assert!(content_security_policy(Mode::Sandbox, "").contains("http://127.0.0.1:*"));
        assert!(!content_security_policy(Mode::Live, "").contains("http:"));
    }

    #[test]
    fn what_a_route_has_set_stays() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox"));
        SecurityHeaders::new(Mode::Live, true, "").add_to(&mut headers);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], "sandbox");
        assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    }
}
