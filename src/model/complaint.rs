//! What is wrong with the draft, and where: the page's own checks and the server's answer end up as the same thing.

use contract::{Field, FieldError, batch::TRACKS};

/// A track's id within the draft.
pub type TrackId = u32;

/// A place in the studio that can be complained about. Its [`id`](Place::id) is the element that takes the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The video's link.
    Video,
    /// The box for a new voice's link.
    Voice,
    /// A voice track.
    Track(TrackId),
    /// The resolution.
    Resolution,
    /// The mask's link.
    Mask,
    /// The prompt.
    Prompt,
    /// The seed.
    Seed,
    /// The whole, said where it was sent from.
    Bar,
}

impl Place {
    /// The id of the element to type into.
    pub fn id(self) -> String {
        match self {
            Self::Video => "video-link".to_owned(),
            Self::Voice => "voice-link".to_owned(),
            Self::Track(id) => ["track-", &id.to_string()].concat(),
            Self::Resolution => "resolution".to_owned(),
            Self::Mask => "mask-link".to_owned(),
            Self::Prompt => "prompt".to_owned(),
            Self::Seed => "seed-number".to_owned(),
            Self::Bar => "dub".to_owned(),
        }
    }

    /// Where it stands on the page, from the top.
    pub fn rank(self) -> u8 {
        match self {
            Self::Video => 0,
            Self::Track(_) => 1,
            Self::Voice => 2,
            Self::Resolution => 3,
            Self::Mask => 4,
            Self::Prompt => 5,
            Self::Seed => 6,
            Self::Bar => 7,
        }
    }

    /// The id of the text that says what is wrong.
    pub fn error_id(self) -> String {
        self.id() + "-error"
    }

    /// Where a refused field of the request for these tracks is shown: `prompt`, `audio` of a single one, `tracks[1].audio`
    /// of several.
    pub fn of_field(field: &str, tracks: &[TrackId]) -> Self {
        let of_track = field.strip_prefix(TRACKS).and_then(|rest| rest.strip_prefix('[')?.split_once(']'));
        let (nth, field) = match of_track {
            Some((nth, rest)) => (nth.parse().unwrap_or(0), rest.trim_start_matches('.')),
            None => (0, field),
        };
        let track = tracks.get(nth).copied().unwrap_or_default();
        match Field::from_name(field.split('.').next().unwrap_or(field)) {
            Some(Field::Video) => Self::Video,
            Some(Field::Prompt) => Self::Prompt,
            Some(Field::Resolution) => Self::Resolution,
            Some(Field::MaskImage) => Self::Mask,
            Some(Field::Seed) => Self::Seed,
            Some(Field::Audio | Field::Label) | None => Self::Track(track),
        }
    }
}

/// What is wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Where.
    pub place: Place,
    /// In the visitor's words, with what would do.
    pub detail: String,
}

impl Complaint {
    /// A complaint in these words.
    pub fn new(place: Place, detail: impl Into<String>) -> Self {
        Self { place, detail: detail.into() }
    }

    /// The complaints of a refused request for these tracks.
    pub fn of_errors(errors: Vec<FieldError>, tracks: &[TrackId]) -> impl Iterator<Item = Self> {
        errors.into_iter().map(move |error| Self::new(Place::of_field(&error.field, tracks), error.detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_contract_has_its_place() {
        let places = Field::ALL.map(|field| Place::of_field(field.as_str(), &[7]).id());
        let ids = ["video-link", "track-7", "track-7", "prompt", "resolution", "mask-link", "seed-number"];
        assert_eq!(places, ids);
        assert_eq!(Place::of_field("mask_image.url", &[7]), Place::Mask);
        assert_eq!(Place::of_field("new_field", &[7]), Place::Track(7));
    }
    #[test]
    fn a_field_of_a_batchs_track_is_shown_at_that_track() {
        let places = ["tracks[1].audio", "tracks[0].label", "tracks[2]", "tracks", "seed", "tracks[9].audio"];
        let places = places.map(|field| Place::of_field(field, &[4, 5, 8]));
        let expected = [5, 4, 8, 4].map(Place::Track);
        assert_eq!(places[..4], expected);
        assert_eq!(places[4..], [Place::Seed, Place::Track(0)]);
    }
}
