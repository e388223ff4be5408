//! Which of two sights of a dub counts. Answers and events overtake each other on their way here.

use contract::Dub;

/// Whether what was just told may take the place of what is known. Equal numbers are taken: a place in the queue changes
/// without one, and what was told last is the newer place.
pub fn may_replace(known: &Dub, told: &Dub) -> bool {
    told.revision >= known.revision
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dub(revision: i64) -> Dub {
        let json = r#"{ "id": "a", "phase": "queued", "created_at": "", "updated_at": "", "input": { "video": { "url": "" },
            "audio": { "url": "" }, "resolution": "480p", "seed": 1 } }"#;
        Dub { revision, ..serde_json::from_str(json).unwrap() }
    }

    #[test]
    fn an_older_state_never_takes_the_place_of_a_newer_one() {
        let taken = [6, 7, 8].map(|told| may_replace(&dub(7), &dub(told)));
        assert_eq!(taken, [false, true, true]);
    }
}
