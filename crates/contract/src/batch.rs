//! Several dubs of one video, asked for at once (`POST /api/batches`): all of them are taken, or none.
//!
//! The request is that of a dub with [`TRACKS`] in place of its voice and its label.

use serde::{Deserialize, Serialize};

use crate::{Dub, Field};

/// The field with the voices: a list of objects with [`Field::Audio`] and [`Field::Label`].
pub const TRACKS: &str = "tracks";

/// The path of a field of the track at `index`, as problems name it: `tracks[3].audio`.
pub fn track_field(index: usize, field: Field) -> String {
    format!("{TRACKS}[{index}].{}", field.as_str())
}

/// What was taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Its id, which each of its dubs names as well.
    pub id: String,
    /// Its dubs, in the order of the tracks.
    pub dubs: Vec<Dub>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_of_a_track_is_named_by_its_path() {
        assert_eq!(track_field(3, Field::Audio), "tracks[3].audio");
    }
}
