//! Where outgoing requests may go at all: to public hosts over HTTPS, and in a sandbox to this machine.

use std::net::SocketAddr;

use contract::media_url::{is_loopback_host, is_public_address, is_public_host};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::Url;

/// The address `text`, if it may be connected to: HTTPS on a public host, or with `allow_loopback` HTTP or HTTPS on this
/// machine. A name's addresses are looked at when it is resolved.
pub(crate) fn outward(text: &str, allow_loopback: bool) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let host = url.host_str()?;
    let is_here = allow_loopback && is_loopback_host(host);
    let is_secure = url.scheme() == "https" || (url.scheme() == "http" && is_here);
    let has_credentials = !url.username().is_empty() || url.password().is_some();
    (is_secure && (is_here || is_public_host(host)) && !has_credentials).then_some(url)
}

/// Resolves names to public addresses only. The client connects to just these, so a name that changes its mind between a
/// check and a connection gains nothing.
#[derive(Debug)]
pub(crate) struct PublicResolver {
    pub(crate) allow_loopback: bool,
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_loopback = self.allow_loopback;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let is_allowed = |address: &SocketAddr| {
                is_public_address(address.ip()) || (allow_loopback && address.ip().is_loopback())
            };
            let allowed: Vec<SocketAddr> = found.filter(is_allowed).collect();
            if allowed.is_empty() {
                return Err("the name has no public address".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_hosts_are_asked_over_https_and_this_machine_in_a_sandbox_only() {
        for (url, live, sandbox) in [
            ("https://storage.example.com/a?b=c", true, true),
            ("http://storage.example.com/a", false, false),
            ("https://user@storage.example.com/a", false, false),
            ("https://10.0.0.1/a", false, false),
            ("http://127.0.0.1:9/a", false, true),
            ("https://169.254.169.254/", false, false),
            ("file:///etc/passwd", false, false),
            ("nonsense", false, false),
        ] {
            assert_eq!((outward(url, false).is_some(), outward(url, true).is_some()), (live, sandbox), "{url}");
        }
    }
}
