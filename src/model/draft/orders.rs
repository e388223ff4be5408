//! What of a draft is sent, what keeps it from being sent, and what became of it.

use contract::{Dub, DubId, Media, MediaPolicy, NewDub, ParsedUrl};

use super::{Attempt, Draft, Track};
use crate::model::complaint::{Complaint, Place, TrackId};
use crate::model::source::Source;

/// How long a press waits through reloads. Who comes back later may not mean it any more.
const PRESS_LASTS_MS: i64 = 3_600_000;

/// The words of a press at `now_ms`, under a key that nobody has used before.
pub fn press(now_ms: i64, key: &str) -> String {
    [&now_ms.to_string(), "-", key].concat()
}

/// Whether a press is still meant.
pub fn is_fresh(press: &str, now_ms: i64) -> bool {
    let pressed_ms = press.split_once('-').and_then(|(ms, _)| ms.parse::<i64>().ok());
    pressed_ms.is_some_and(|pressed_ms| (0..PRESS_LASTS_MS).contains(&(now_ms - pressed_ms)))
}

impl Draft {
    /// What would be sent for a track now.
    pub fn request(&self, track: &Track) -> NewDub {
        self.request_as(track, &track.label)
    }

    fn request_as(&self, track: &Track, label: &str) -> NewDub {
        let mask_link = || (!self.mask.is_empty()).then(|| Media::Url(self.mask.clone()));
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        NewDub {
            video: self.video.media(),
            audio: track.audio.media(),
            label: text(label.trim()),
            prompt: text(&self.prompt),
            resolution: Some(self.resolution.as_str().to_owned()),
            mask_image: if self.is_masked { self.mask_file.media().or_else(mask_link) } else { None },
            // What is no number is refused as 0 is: one rule, in the contract.
            seed: self.is_seed_fixed.then(|| self.seed.trim().parse().ok().filter(|seed| *seed != -1).unwrap_or(0)),
        }
    }

    /// Whether a track has yet to be sent as it is now. A sent one that was only renamed has not, and one whose file was
    /// refused cannot be.
    pub fn is_due(&self, track: &Track) -> bool {
        if track.audio.is_refused() {
            return false;
        }
        let accepted = track.attempt.as_ref().filter(|attempt| attempt.dub.is_some());
        accepted.is_none_or(|attempt| attempt.body != body(&self.request_as(track, &attempt.label)))
    }

    /// Takes an accepted track's order for one of what it would be now.
    pub(super) fn settle(&mut self, id: TrackId) {
        let now = |track: &Track| Some(body(&self.request_as(track, &track.attempt.as_ref()?.label)));
        let now = self.track(id).and_then(now);
        if let (Some(attempt), Some(now)) = (self.track_mut(id).and_then(|track| track.attempt.as_mut()), now) {
            attempt.body = now;
        }
    }

    /// The ids of the tracks that a press of the button sends.
    pub fn due(&self) -> Vec<TrackId> {
        self.tracks.iter().filter(|track| self.is_due(track)).map(|track| track.id).collect()
    }

    /// Everything that keeps the due tracks from being sent.
    pub fn complaints(&self, policy: MediaPolicy, parse: impl Fn(&str) -> Option<ParsedUrl>) -> Vec<Complaint> {
        let mut found: Vec<Complaint> = Vec::new();
        if self.video.is_none() {
            found.push(Complaint::new(Place::Video, "Add a video first."));
        }
        if self.voices() == 0 {
            found.push(Complaint::new(Place::Voice, "Add at least one voice."));
        }
        if self.is_masked && self.mask.is_empty() && self.mask_file.is_none() {
            found.push(Complaint::new(Place::Mask, "Paint or add a mask, or choose Automatic."));
        }
        // Without a track, the settings are checked all the same.
        let none = Track { id: 0, label: String::new(), audio: Source::None, attempt: None };
        let is_bare = self.tracks.is_empty();
        for track in self.tracks.iter().filter(|track| self.is_due(track)).chain(is_bare.then_some(&none)) {
            let errors = self.request(track).validate(policy, &parse).err().unwrap_or_default();
            for complaint in Complaint::of_errors(errors, track.id) {
                let is_new = found.iter().all(|known| known.place != complaint.place);
                if is_new && complaint.place != Place::Track(0) {
                    found.push(complaint);
                }
            }
        }
        found
    }

    /// What a press of the button sends, as the draft is at that moment, which ends it: what is changed while it is being
    /// sent is for the next press.
    pub fn orders(&mut self, press: &str) -> Vec<(TrackId, Attempt)> {
        self.press.clear();
        let key = |id: TrackId| [press, "-", &id.to_string()].concat();
        self.due().into_iter().filter_map(|id| Some((id, self.attempt(id, || key(id))?))).collect()
    }

    /// The key and body to send a track with: the last ones if nothing changed and no answer came, else under `new_key`.
    pub(super) fn attempt(&mut self, id: TrackId, new_key: impl Fn() -> String) -> Option<Attempt> {
        let body = body(&self.request(self.track(id)?));
        let track = self.track_mut(id)?;
        let unanswered = track.attempt.take().filter(|last| last.dub.is_none() && last.body == body);
        let attempt =
            unanswered.unwrap_or_else(|| Attempt { key: new_key(), body, label: track.label.clone(), dub: None });
        track.attempt = Some(attempt.clone());
        Some(attempt)
    }

    /// Notes the dub that the order of this key became. The track may have been removed, or changed and ordered anew.
    pub fn accept(&mut self, key: &str, dub: DubId) {
        let mut attempts = self.tracks.iter_mut().filter_map(|track| track.attempt.as_mut());
        if let Some(attempt) = attempts.find(|attempt| attempt.key == key) {
            attempt.dub = Some(dub);
        }
    }

    /// Puts the dub of a second try in the place of the first, wherever that is.
    pub fn try_instead(&mut self, old: &DubId, new: DubId) {
        let mut attempts = self.tracks.iter_mut().filter_map(|track| track.attempt.as_mut());
        if let Some(attempt) = attempts.find(|attempt| attempt.dub.as_ref() == Some(old)) {
            attempt.dub = Some(new);
        }
    }
}

/// A request as it is sent.
pub fn body(request: &NewDub) -> String {
    serde_json::to_string(request).unwrap_or_default()
}

/// The request that makes `dub` once more, as a dub of its own.
pub fn again(dub: &Dub) -> NewDub {
    NewDub {
        video: Some(dub.input.video.clone()),
        audio: Some(dub.input.audio.clone()),
        label: dub.label.clone(),
        prompt: dub.input.prompt.clone(),
        resolution: Some(dub.input.resolution.as_str().to_owned()),
        mask_image: dub.input.mask_image.clone(),
        seed: Some(dub.input.seed.into()),
    }
}
