//! Keys that nobody has used before.

/// 128 random bits in hexadecimal. `randomUUID` would need a secure context, this does not.
pub fn key() -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut bytes = [0_u8; 16];
    if let Ok(crypto) = super::window().crypto() {
        // Refused only for more than 64 KiB at once.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).collect()
}
