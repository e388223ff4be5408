//! Links, as the browser's own parser reads them: the rules are the WHATWG's, the same as the server's.

use contract::ParsedUrl;
use web_sys::Url;

/// A link in parts, or nothing if it is none.
pub fn parse(text: &str) -> Option<ParsedUrl> {
    let url = Url::new(text).ok()?;
    let mut scheme = url.protocol();
    scheme.pop();
    Some(ParsedUrl {
        scheme,
        host: url.hostname(),
        has_credentials: !url.username().is_empty() || !url.password().is_empty(),
        has_fragment: url.href().contains('#'),
    })
}

/// A text as part of a query.
pub fn encode(text: &str) -> String {
    js_sys::encode_uri_component(text).into()
}

/// A path of ours as a link that can be passed on.
pub fn absolute(path: &str) -> String {
    super::window().location().origin().unwrap_or_default() + path
}
