//! Which links may be given as media: only such as the provider could fetch.
//!
//! Parsing is left to whoever has a WHATWG URL parser (the browser's `URL`, the server's `url`): it brings decimal, octal
//! and hexadecimal forms of an address down to one. What counts as public is decided here, once, on the parsed host.
//! Nothing here connects anywhere.

use std::net::IpAddr;

use crate::{FieldCode, limits};

/// A link as a WHATWG URL parser sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParsedUrl {
    /// The scheme without its colon.
    pub scheme: String,
    /// The host as the parser writes it: a lower-case name, a dotted IPv4 address, or an IPv6 address in brackets.
    pub host: String,
    /// Whether a user name or a password is given.
    pub has_credentials: bool,
    /// Whether there is a fragment.
    pub has_fragment: bool,
}

/// Which hosts may be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaPolicy {
    /// HTTPS on a public host.
    PublicOnly,
    /// That, and HTTP or HTTPS on this machine: the sandbox.
    PublicOrLoopback,
}

/// Why a link was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// What a program acts on.
    pub code: FieldCode,
    /// What a person reads.
    pub detail: &'static str,
}

const fn refusal(code: FieldCode, detail: &'static str) -> Refusal {
    Refusal { code, detail }
}

/// Checks the link `text`, parsed with `parse`.
///
/// # Errors
/// A [`Refusal`] that says what would do instead.
pub fn check(text: &str, policy: MediaPolicy, parse: impl Fn(&str) -> Option<ParsedUrl>) -> Result<(), Refusal> {
    const NOT_A_LINK: Refusal =
        refusal(FieldCode::NotALink, "This is not a link. Paste one that starts with https://.");
    if text.len() > limits::URL_MAX_BYTES {
        return Err(refusal(FieldCode::TooLong, "This link is longer than 2,048 bytes."));
    }
    // Browsers drop these silently, so what is checked would not be what is sent.
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err(refusal(FieldCode::BadCharacter, "This link has a space or a character that links cannot have."));
    }
    let url = parse(text).ok_or(NOT_A_LINK)?;
    let is_sandbox_host = policy == MediaPolicy::PublicOrLoopback && is_loopback_host(&url.host);
    match url.scheme.as_str() {
        "https" => {}
        "http" if is_sandbox_host => {}
        "http" => {
            return Err(refusal(FieldCode::NotPublic, "Only https:// links can be fetched; this one is http://."));
        }
        _ => return Err(refusal(FieldCode::NotPublic, "Only https:// links can be fetched.")),
    }
    if url.has_credentials {
        return Err(refusal(FieldCode::NotPublic, "A link with a user name in it cannot be used."));
    }
    if url.has_fragment {
        return Err(refusal(
            FieldCode::NotPublic,
            "A link with a # part cannot be used. Remove the # and what follows.",
        ));
    }
    if is_sandbox_host || is_public_host(&url.host) {
        Ok(())
    } else {
        Err(refusal(
            FieldCode::NotPublic,
            "This address cannot be reached from outside. The link must be on a public host.",
        ))
    }
}

/// Whether a parsed host is a public name or address. Names are not resolved.
pub fn is_public_host(host: &str) -> bool {
    match (v4_octets(host), v6_start(host)) {
        (Some(octets), _) => is_public_v4(octets),
        (_, Some(start)) => is_public_v6(start),
        _ => is_public_name(host),
    }
}

/// Whether a parsed host is this machine.
pub fn is_loopback_host(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    name == "localhost" || host == "[::1]" || v4_octets(host).is_some_and(|[first, ..]| first == 127)
}

/// Whether an address is one of the public internet's (IANA's special-purpose registries, read 2026-11-22).
pub fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4.octets()),
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            is_public_v6([first, second])
        }
    }
}

// URL parsers write an address in one way only, so it is read off here: the standard library's parser, which takes every
// way to write one, would be 0.6 kB of every first visit.

fn v4_octets(host: &str) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    let mut parts = host.split('.');
    for octet in &mut octets {
        *octet = parts.next()?.parse().ok()?;
    }
    parts.next().is_none().then_some(octets)
}

/// The first two segments, which alone tell what is public. An empty one stands for zeros.
fn v6_start(host: &str) -> Option<[u16; 2]> {
    let mut segments = host.strip_prefix('[')?.strip_suffix(']')?.split(':');
    let mut segment = || u16::from_str_radix(segments.next().unwrap_or_default(), 16).unwrap_or(0);
    Some([segment(), segment()])
}

fn is_public_name(host: &str) -> bool {
    const PRIVATE_ZONES: [&str; 9] =
        ["localhost", "local", "internal", "intranet", "lan", "home.arpa", "test", "invalid", "onion"];
    let name = host.strip_suffix('.').unwrap_or(host);
    let is_in = |zone: &str| name.strip_suffix(zone).is_some_and(|rest| rest.ends_with('.'));
    // An empty label (`a..b`) is no name, and a bracket left over is no address.
    name.contains('.')
        && !name.contains('[')
        && name.split('.').all(|label| !label.is_empty())
        && !PRIVATE_ZONES.into_iter().any(is_in)
}

#[expect(clippy::match_same_arms, reason = "each line is private for a reason of its own")]
fn is_public_v4(octets: [u8; 4]) -> bool {
    match octets {
        [0 | 127 | 224.., ..] => false, // none, this machine, many at once
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => false, // private
        [100, 64..=127, ..] | [169, 254, ..] => false, // a carrier's, a link's
        [192, 0, 0, _] | [192, 88, 99, _] | [198, 18 | 19, ..] => false, // protocols, relays, benchmarks
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => false, // documentation
        _ => true,
    }
}

fn is_public_v6([first, second]: [u16; 2]) -> bool {
    let is_global_unicast = first & 0xe000 == 0x2000;
    let is_protocol = first == 0x2001 && second < 0x0200; // Teredo, ORCHID and their like
    let is_documentation = (first == 0x2001 && second == 0x0db8) || (first == 0x3fff && second < 0x1000);
    let is_6to4 = first == 0x2002; // an IPv4 address in disguise
    is_global_unicast && !is_protocol && !is_documentation && !is_6to4
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    #[test]
    fn public_hosts_are_told_from_private_ones() {
        for host in [
            "example.com",
            "a.b.example.",
            "93.184.216.34",
            "[2606:2800:220:1:248:1893:25c8:1946]",
            "xn--bcher-kva.example",
        ] {
            assert!(is_public_host(host), "{host} is public");
        }
        let private = [
            "localhost",
            "localhost.",
            "a.localhost",
            "printer",
            "nas.local",
            "a.internal",
            "a.home.arpa",
            "",
            ".",
            "a..com",
            "0.0.0.0",
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "[::]",
            "[::1]",
            "[::ffff:7f00:1]",
            "[::ffff:5db8:d822]",
            "[fe80::1]",
            "[fc00::1]",
            "[ff02::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]",
            "[64:ff9b::7f00:1]",
        ];
        for host in private {
            assert!(!is_public_host(host), "{host} is not public");
        }
    }

    #[test]
    fn the_edges_of_private_ranges_are_public() {
        for host in [
            "172.15.255.255",
            "172.32.0.1",
            "100.63.255.255",
            "100.128.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.1",
        ] {
            assert!(is_public_host(host), "{host} is public");
        }
    }

    #[test]
    fn an_address_is_judged_alike_as_a_text_and_as_an_address() {
        for (start, end) in (0..=u16::MAX).flat_map(|start| [(start, [0, 1]), (start, [2, 1])]) {
            let [[first, second], [third, fourth]] = [start.to_be_bytes(), end];
            let v4 = Ipv4Addr::new(first, second, third, fourth);
            let is_public = is_public_address(v4.into());
            assert_eq!(
                (is_public_host(&v4.to_string()), is_loopback_host(&v4.to_string())),
                (is_public, v4.is_loopback())
            );
            let is_special = v4.is_private() || v4.is_link_local() || v4.is_documentation() || v4.is_multicast();
            assert!(!(is_public && (is_special || v4.is_loopback() || v4.is_broadcast())), "{v4}");
        }
        let edges = (0x1ff0..=0x2010).chain(0x3ff0..=0x4010).chain([0, 0x64, 0xfc00, 0xfe80, 0xff02]);
        for (first, second) in edges.flat_map(|first| [0, 0x1ff, 0x200, 0xdb8, 0xfff, 0x1000].map(|b| (first, b))) {
            for last in [0, 1] {
                let v6 = Ipv6Addr::new(first, second, 0, 0, 0, 0, 0, last);
                let host = format!("[{v6}]");
                assert_eq!(is_public_host(&host), is_public_address(v6.into()), "{v6}");
                assert_eq!(is_loopback_host(&host), v6.is_loopback(), "{v6}");
            }
        }
    }
}
