//! Names that cannot be guessed.

use sha2::{Digest, Sha256};

/// 128 random bits as 32 hexadecimal digits.
///
/// # Panics
/// When the operating system has no randomness to give: nothing here can be safe then.
pub fn random_id() -> String {
    let mut bytes = [0; 16];
    #[expect(clippy::expect_used, reason = "documented under Panics")]
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    hex(&bytes)
}

/// A seed that the model takes, drawn evenly.
///
/// # Panics
/// As [`random_id`].
pub fn random_seed() -> u32 {
    loop {
        #[expect(clippy::expect_used, reason = "documented under Panics")]
        let seed = getrandom::u32().expect("the operating system gives randomness") >> 1;
        if seed != 0 {
            return seed;
        }
    }
}

/// The SHA-256 of `bytes` in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// `bytes` in hexadecimal, lower case.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_long_and_differ() {
        let (a, b) = (random_id(), random_id());
        assert_eq!((a.len(), b.len()), (32, 32));
        assert_ne!(a, b);
    }

    #[test]
    fn seeds_are_such_as_the_model_takes() {
        assert!((0..1_000).all(|_| contract::limits::SEED.contains(&i64::from(random_seed()))));
    }
}
