//! The provider's webhook: what it is told, what it sends, and whether that may come from it.
//!
//! The documentation sends the secret back as it is; another page describes an HMAC over time and body. The card knows
//! neither. So a call without any proof is taken as a hint all the same, and one with a wrong proof is not.

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::HeaderMap;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The longest id that is believed, in bytes.
const ID_MAX_BYTES: usize = 100;

/// What a call's headers prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Whoever calls knows the secret.
    Given,
    /// Nothing was said.
    None,
    /// Whoever calls does not know it.
    Wrong,
}

/// What the headers of a call with this body prove.
pub fn proof(headers: &HeaderMap, body: &[u8], secret: &str) -> Proof {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let by_secret = text("x-webhook-secret").map(|given| is_same(given, secret));
    let by_signature = text("x-webhook-signature")
        .map(|given| is_signed(given, text("x-webhook-timestamp").unwrap_or_default(), body, secret));
    match (by_secret, by_signature) {
        (None, None) => Proof::None,
        (by_secret, by_signature) => {
            let is_right = by_secret.unwrap_or(true) && by_signature.unwrap_or(true);
            if is_right { Proof::Given } else { Proof::Wrong }
        }
    }
}

/// Compares by hashes: how long that takes tells nothing of the secret.
fn is_same(given: &str, secret: &str) -> bool {
    Sha256::digest(given) == Sha256::digest(secret)
}

fn is_signed(signature: &str, timestamp: &str, body: &[u8], secret: &str) -> bool {
    let Some(signature) = unhex(signature.strip_prefix("sha256=").unwrap_or(signature)) else { return false };
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    for part in [timestamp.as_bytes(), b".", body] {
        mac.update(part);
    }
    mac.verify_slice(&signature).is_ok()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|digit| digit.to_digit(16).and_then(|digit| digit.try_into().ok())).collect();
    let digits = digits.filter(|digits| digits.len().is_multiple_of(2))?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

/// The prediction that a call is about, by its own words.
pub fn claimed_id(body: &[u8]) -> Option<String> {
    let body: Value = serde_json::from_slice(body).ok()?;
    let id = body["exec_id"].as_str()?;
    let is_sane = !id.is_empty()
        && id.len() <= ID_MAX_BYTES
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    is_sane.then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[test]
    fn a_secret_or_a_signature_proves_who_calls_and_a_wrong_one_the_contrary() {
        // printf '7.{}' | openssl dgst -sha256 -hmac s3cret
        const SIGNATURE: &str = "67035840eef27b08f5cb7d09aa6d944777f40dad2ea6d09a6a71729a01176aca";
        let proof = |pairs: &[(&'static str, &'static str)]| proof(&headers(pairs), b"{}", "s3cret");
        assert_eq!(proof(&[]), Proof::None);
        assert_eq!(proof(&[("x-webhook-secret", "s3cret")]), Proof::Given);
        assert_eq!(proof(&[("x-webhook-secret", "s3cre")]), Proof::Wrong);
        let signed = [("x-webhook-timestamp", "7"), ("x-webhook-signature", SIGNATURE)];
        assert_eq!(proof(&signed), Proof::Given);
        assert_eq!(proof(&signed[1..]), Proof::Wrong);
        for other in [("x-webhook-secret", "x"), ("x-webhook-timestamp", "8"), ("x-webhook-signature", "0g")] {
            let mut pairs = signed.to_vec();
            pairs.retain(|(name, _)| *name != other.0);
            pairs.push(other);
            assert_eq!(proof(&pairs), Proof::Wrong, "{other:?}");
        }
    }

    #[test]
    fn only_what_may_be_an_id_is_asked_for() {
        assert_eq!(claimed_id(br#"{"exec_id":"a-1_B","status":"succeeded"}"#).as_deref(), Some("a-1_B"));
        for body in ["", "{}", r#"{"exec_id":7}"#, r#"{"exec_id":"../v1/x"}"#, r#"{"exec_id":""}"#] {
            assert_eq!(claimed_id(body.as_bytes()), None, "{body}");
        }
    }
}
