//! File names as they come from visitors: for people to read, never a path.

/// The longest name that is kept, in characters.
const MAX_CHARS: usize = 120;
/// The longest ending that is taken for an extension when a name is shortened.
const MAX_EXTENSION_CHARS: usize = 8;

/// What is left of a name without folders, control characters and such as turn the reading direction, shortened.
pub(super) fn clean(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_shown = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let shown: String = last.chars().filter(is_shown).collect();
    let name = shown.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        return "file".into();
    }
    if name.chars().count() <= MAX_CHARS {
        return name.into();
    }
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.chars().count() <= MAX_EXTENSION_CHARS => (stem, extension),
        _ => (name, ""),
    };
    let stem: String = stem.chars().take(MAX_CHARS - MAX_EXTENSION_CHARS - 1).collect();
    if extension.is_empty() { stem } else { format!("{stem}.{extension}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_harmless_and_stay_readable() {
        let long = format!("{}.mp4", "ü".repeat(300));
        let cases = [
            ("Ma vidéo 😀.mp4", "Ma vidéo 😀.mp4".to_owned()),
            ("../../etc/passwd", "passwd".into()),
            ("C:\\Users\\me\\clip.mov", "clip.mov".into()),
            ("..", "file".into()),
            ("a/", "file".into()),
            ("", "file".into()),
            ("a\r\nSet-Cookie: x=y.mp4", "aSet-Cookie: x=y.mp4".into()),
            ("fdp\u{202e}4pm.exe\0", "fdp4pm.exe".into()),
            (".htaccess", "htaccess".into()),
            (&long, format!("{}.mp4", "ü".repeat(111))),
            (&"x".repeat(300), "x".repeat(111)),
        ];
        for (name, expected) in cases {
            assert_eq!(clean(name), expected, "{name}");
        }
    }
}
