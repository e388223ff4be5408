//! What uploads were called on the visitor's disk, by their ids, as one text that the browser can keep: the newest first, and
//! only so many. A dub knows its uploads by their ids alone.

const SEPARATOR: char = '\u{1f}';
/// More than anybody has dubs in sight.
const MOST: usize = 300;

/// The name of an upload, if it is known.
pub fn find(names: &str, id: &str) -> String {
    let mut fields = names.split(SEPARATOR);
    while let (Some(known), Some(name)) = (fields.next(), fields.next()) {
        if known == id {
            return name.to_owned();
        }
    }
    String::new()
}

/// The same names with one more; the oldest are forgotten.
pub fn with(names: &str, id: &str, name: &str) -> String {
    let mut all = String::new();
    let mut add = |id: &str, name: &str| {
        for text in [id, name] {
            all.extend(text.chars().filter(|c| *c != SEPARATOR));
            all.push(SEPARATOR);
        }
    };
    add(id, name);
    let mut old = names.split(SEPARATOR);
    let mut kept = 1;
    while let (Some(old_id), Some(name)) = (old.next(), old.next()) {
        if old_id != id && kept < MOST {
            add(old_id, name);
            kept += 1;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_ids_and_the_newest_one_holds() {
        let names = with(&with(&with("", "a", "one.mp4"), "b", "two.mp4"), "a", "three.mp4");
        assert_eq!(["a", "b", "c", ""].map(|id| find(&names, id)), ["three.mp4", "two.mp4", "", ""]);
        assert_eq!(find("", "a"), "");
    }

    #[test]
    fn only_the_newest_are_kept() {
        let names = (0..1_000).fold(String::new(), |names, nth| with(&names, &format!("id{nth}"), "a.mp4"));
        assert_eq!(names.matches("a.mp4").count(), MOST);
        assert_eq!(["id999", "id700", "id699"].map(|id| find(&names, id).is_empty()), [false, false, true]);
    }
}
