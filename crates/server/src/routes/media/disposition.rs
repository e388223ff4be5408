//! What a downloaded file is called.

use std::fmt::Write as _;

/// A `Content-Disposition` that saves a result under its dub's label (RFC 6266), with the extension of `file_name`.
pub(super) fn attachment(label: Option<&str>, file_name: &str) -> String {
    let extension = file_name.rsplit_once('.').map_or("mp4", |(_, extension)| extension);
    let stem: String = label.unwrap_or_default().chars().map(|c| if is_safe(c) { c } else { '_' }).collect();
    let stem = match stem.trim().trim_matches('.') {
        "" => "dub",
        stem => stem,
    };
    let name = format!("{stem}.{extension}");
    let ascii: String = name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", encode(&name))
}

/// What no file system and no header takes for anything but a letter.
fn is_safe(c: char) -> bool {
    let is_bidi = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !c.is_control() && !is_bidi && !"/\\:*?\"<>|%".contains(c)
}

/// RFC 8187, section 3.2.1.
fn encode(name: &str) -> String {
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_becomes_a_file_name() {
        let cases = [
            (Some("Español"), "Espa_ol.mp4", "Espa%C3%B1ol.mp4"),
            (None, "dub.mp4", "dub.mp4"),
            (Some(" . "), "dub.mp4", "dub.mp4"),
            (Some("../../etc/passwd"), "_.._etc_passwd.mp4", "_.._etc_passwd.mp4"),
            (Some("a\"; x=\r\ny"), "a_; x=__y.mp4", "a_%3B%20x%3D__y.mp4"),
            (Some("fdp\u{202e}4pm"), "fdp_4pm.mp4", "fdp_4pm.mp4"),
        ];
        for (label, ascii, encoded) in cases {
            let expected = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}");
            assert_eq!(attachment(label, "result.mp4"), expected);
        }
    }
}
