//! What the visitor has put together: kept in the browser, so that a reload or the back button loses nothing.
//!
//! A track remembers the request it was last sent with. While what would be sent now is the same, the track is not sent
//! again; once anything was changed, it is due again. What was never answered is repeated under its key. So no press of a
//! button pays twice by accident.

mod orders;

use contract::{Dub, DubId, Media, Resolution, Sample};
pub use orders::{Order, again, body, is_fresh, press};

use super::complaint::{Place, TrackId};
use super::media;
use super::source::{OwnFile, Source};

/// The studio's form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The video, once added.
    pub video: Source,
    /// What stands in the box for the video's link.
    pub video_box: String,
    /// What stands in the box for a new voice's link.
    pub voice_box: String,
    /// The voices, one dub for each.
    pub tracks: Vec<Track>,
    /// How large the dubs are.
    pub resolution: Resolution,
    /// Whether a mask says who speaks.
    pub is_masked: bool,
    /// The mask's link, as typed.
    pub mask: String,
    /// The mask's file; it goes before the link.
    pub mask_file: Source,
    /// The prompt.
    pub prompt: String,
    /// Whether the seed is fixed.
    pub is_seed_fixed: bool,
    /// The fixed seed, as typed.
    pub seed: String,
    /// The track whose dub is on the stage.
    pub selected: TrackId,
    /// The press of the button that waits for files to arrive, through reloads and in every tab: when it was, and a key;
    /// empty while there is none. What it sends is sent under that key, so however many tabs send it, it is paid for once.
    pub press: String,
    /// The highest id that a track was given so far: late news of a removed track must not meet another.
    pub last_id: TrackId,
}

/// One voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Its id within this draft, never given twice.
    pub id: TrackId,
    /// What it is called, mostly a language.
    pub label: String,
    /// The voice itself.
    pub audio: Source,
    /// The last time it was sent, or should have been.
    pub attempt: Option<Attempt>,
}

/// One try to have a track dubbed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The idempotency key of the request, the same for every repetition; of a batch with the track's place in it.
    pub key: String,
    /// What was asked for, as JSON.
    pub body: String,
    /// What the track was called in it. Another name alone makes no other dub.
    pub label: String,
    /// The dub, once the server has accepted it.
    pub dub: Option<DubId>,
}

impl Track {
    /// What this track is called on the page, also before anyone named it.
    pub fn name(&self) -> String {
        match self.label.trim() {
            "" => self.audio.name().to_owned(),
            label => label.to_owned(),
        }
    }

    /// The dub this track became, if it was accepted.
    pub fn dub(&self) -> Option<&DubId> {
        self.attempt.as_ref()?.dub.as_ref()
    }
}

impl Draft {
    /// Adds a voice and gives its id.
    pub fn add_track(&mut self, label: &str, audio: Source) -> TrackId {
        self.last_id += 1;
        let id = self.last_id;
        self.tracks.push(Track { id, label: label.to_owned(), audio, attempt: None });
        id
    }

    /// Puts something into its place; a voice that has none yet becomes a new track, called by what its name says.
    pub fn put(&mut self, place: Place, source: Source) {
        match place {
            Place::Video => {
                self.video = source;
                // What was pasted before is hidden behind the clip, and must not be sent in its place.
                self.video_box.clear();
            }
            Place::Mask => {
                self.is_masked |= !source.is_none();
                self.mask_file = source;
            }
            Place::Track(id) => {
                if let Some(track) = self.track_mut(id) {
                    track.audio = source;
                }
            }
            _ => {
                self.add_track(media::guess_language(source.name()), source);
            }
        }
    }

    /// Gives every track an id above `last_id`, so that this draft can take the place of one that had those.
    #[must_use]
    pub fn numbered_after(mut self, last_id: TrackId) -> Self {
        for track in &mut self.tracks {
            track.id += last_id;
        }
        self.selected += last_id;
        self.last_id += last_id;
        self
    }

    /// The track of this id.
    pub fn track(&self, id: TrackId) -> Option<&Track> {
        self.tracks.iter().find(|track| track.id == id)
    }

    /// The track of this id, to change.
    pub fn track_mut(&mut self, id: TrackId) -> Option<&mut Track> {
        self.tracks.iter_mut().find(|track| track.id == id)
    }

    /// How many voices there are that a dub can be made of.
    pub fn voices(&self) -> usize {
        self.tracks.iter().filter(|track| !track.audio.is_refused()).count()
    }

    /// The track on the stage: the chosen one, or the first that is still there.
    pub fn selected(&self) -> Option<&Track> {
        self.track(self.selected).or(self.tracks.first())
    }

    /// Whether anything in it would be missed. What was sent as it is now is in the library.
    pub fn is_worth_keeping(&self) -> bool {
        let is_sent = self.voices() > 0 && self.due().is_empty();
        !(is_sent || self.video.is_none() && self.tracks.is_empty() && self.prompt.is_empty())
    }

    /// A draft of the sample.
    pub fn of_sample(sample: &Sample) -> Self {
        let mut draft = Self { video: Source::Link(sample.video.clone()), ..Self::default() };
        for voice in &sample.voices {
            draft.add_track(&voice.label, Source::Link(voice.audio.clone()));
        }
        draft
    }

    /// A draft that would make `dub` again, seed and all; `name` knows what uploads were called.
    pub fn of_dub(dub: &Dub, name: impl Fn(&str) -> String) -> Self {
        let source = |media: &Media| match media {
            Media::UploadId(id) => Source::of_media(media, &name(id)),
            Media::Url(_) => Source::of_media(media, ""),
        };
        let input = &dub.input;
        let (mask, mask_file) = match &input.mask_image {
            Some(Media::Url(link)) => (link.clone(), Source::None),
            Some(file) => (String::new(), source(file)),
            None => (String::new(), Source::None),
        };
        let mut draft = Self {
            video: source(&input.video),
            resolution: input.resolution,
            is_masked: input.mask_image.is_some(),
            mask,
            mask_file,
            prompt: input.prompt.clone().unwrap_or_default(),
            is_seed_fixed: true,
            seed: input.seed.to_string(),
            ..Self::default()
        };
        draft.add_track(dub.label.as_deref().unwrap_or_default(), source(&input.audio));
        draft
    }

    fn sources(&self) -> impl Iterator<Item = (Place, &Source)> {
        let voices = self.tracks.iter().map(|track| (Place::Track(track.id), &track.audio));
        [(Place::Video, &self.video)].into_iter().chain(voices).chain([(Place::Mask, &self.mask_file)])
    }

    /// Every file of the draft's, with the place it has there.
    pub fn files(&self) -> impl Iterator<Item = (Place, &OwnFile)> {
        self.sources().filter_map(|(place, source)| Some((place, source.file()?)))
    }

    /// The files that the due tracks are waiting for.
    pub fn needed(&self) -> Vec<(Place, String)> {
        let due = self.due();
        let is_needed = |place: Place| match place {
            Place::Track(id) => due.contains(&id),
            Place::Mask => self.is_masked && !due.is_empty(),
            _ => !due.is_empty(),
        };
        self.files().filter(|(place, _)| is_needed(*place)).map(|(place, file)| (place, file.key())).collect()
    }

    /// Notes the upload of a file, wherever it stands. One that is sent anew is the same file still: it makes no track due
    /// that was accepted with it.
    pub fn note_upload(&mut self, key: &str, upload: &str) {
        let due = self.due();
        let voices = self.tracks.iter_mut().map(|track| &mut track.audio);
        for source in [&mut self.video, &mut self.mask_file].into_iter().chain(voices) {
            if let Source::File(file) = source
                && file.key() == key
            {
                upload.clone_into(&mut file.upload);
            }
        }
        for id in self.due().into_iter().filter(|id| !due.contains(id)) {
            self.settle(id);
        }
    }

    /// The source at a place.
    pub fn source(&self, place: Place) -> &Source {
        self.sources().find(|(known, _)| *known == place).map_or(&Source::None, |(_, source)| source)
    }
}

#[cfg(test)]
mod tests;
