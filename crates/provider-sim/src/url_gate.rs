//! Which URLs the provider takes as an input or a webhook: public HTTPS. Judged as text; names are not resolved.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// The rule, with its one relaxation for running everything on one machine.
#[derive(Debug, Clone)]
pub(crate) struct UrlGate {
    /// Our own storage is always reachable for us.
    pub(crate) own_base: String,
    /// `http:` and loopback hosts pass as well.
    pub(crate) allow_local: bool,
}

impl UrlGate {
    /// The parsed URL, or why it is refused.
    pub(crate) fn check(&self, text: &str) -> Result<Url, String> {
        let url = Url::parse(text).map_err(|error| format!("is not a URL ({error})"))?;
        let own = text.strip_prefix(&self.own_base).is_some_and(|rest| rest.starts_with('/'));
        if own {
            return Ok(url);
        }
        let place = url.host().map(|host| place(&host)).ok_or("must be an HTTPS URL")?;
        let local = self.allow_local && place == Place::Loopback;
        match (url.scheme(), place) {
            ("https" | "http", Place::Loopback) if local => Ok(url),
            ("https", Place::Public) => Ok(url),
            ("https", _) => Err("must be publicly reachable, not a private or local address".into()),
            _ => Err("must be an HTTPS URL".into()),
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Place {
    Public,
    Loopback,
    Private,
}

fn place(host: &Host<&str>) -> Place {
    match host {
        Host::Domain(name) => domain(name.trim_end_matches('.')),
        Host::Ipv4(ip) => v4(*ip),
        Host::Ipv6(ip) => v6(*ip),
    }
}

fn domain(name: &str) -> Place {
    match name.rsplit('.').next() {
        Some("localhost") => Place::Loopback,
        Some("local" | "internal" | "lan") => Place::Private,
        // A name without a dot is only known inside a network.
        _ if !name.contains('.') => Place::Private,
        _ => Place::Public,
    }
}

fn v4(ip: Ipv4Addr) -> Place {
    let shared = ip.octets()[0] == 100 && ip.octets()[1] & 0xc0 == 64;
    if ip.is_loopback() {
        Place::Loopback
    } else if ip.is_private() || ip.is_link_local() || shared || ip.octets()[0] == 0 || ip.octets()[0] >= 224 {
        Place::Private
    } else {
        Place::Public
    }
}

fn v6(ip: Ipv6Addr) -> Place {
    match ip.to_canonical() {
        IpAddr::V4(mapped) => v4(mapped),
        IpAddr::V6(ip) if ip.is_loopback() => Place::Loopback,
        // Global unicast is 2000::/3 (RFC 4291, 2.4).
        IpAddr::V6(ip) if ip.segments()[0] & 0xe000 == 0x2000 => Place::Public,
        IpAddr::V6(_) => Place::Private,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_https_passes_unless_local_media_is_allowed() {
        let gate = |allow_local| UrlGate { own_base: "http://127.0.0.1:9".into(), allow_local };
        for (url, strict, relaxed) in [
            ("https://example.com/a.mp4", true, true),
            ("http://example.com/a.mp4", false, false),
            ("http://127.0.0.1:9/a.mp4", true, true),
            ("http://127.0.0.1:90/a.mp4", false, true),
            ("http://localhost/a.mp4", false, true),
            ("https://[::1]/a.mp4", false, true),
            ("https://[::ffff:10.0.0.1]/a.mp4", false, false),
            ("https://10.1.2.3/a.mp4", false, false),
            ("https://2130706433/a.mp4", false, true),
            ("https://169.254.169.254/", false, false),
            ("https://0.0.0.0/a.mp4", false, false),
            ("https://printer/a.mp4", false, false),
            ("data:video/mp4;base64,AAAA", false, false),
            ("a.mp4", false, false),
        ] {
            assert_eq!(gate(false).check(url).is_ok(), strict, "{url}");
            assert_eq!(gate(true).check(url).is_ok(), relaxed, "{url}, local allowed");
        }
    }
}
