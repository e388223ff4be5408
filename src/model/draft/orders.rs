//! What of a draft is sent, what keeps it from being sent, and what became of it.

use contract::{Dub, DubId, Media, MediaPolicy, NewDub, ParsedUrl, batch::TRACKS, limits::BATCH_TRACKS_MAX};

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

/// One request: a dub, or a batch of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// The idempotency key: the same for every repetition of it.
    pub key: String,
    /// The tracks, one dub for each.
    pub tracks: Vec<TrackId>,
    /// What is sent, as JSON.
    pub body: String,
    /// How many tracks it was sent with.
    count: usize,
}

impl Order {
    /// The key of the attempt of the track at `nth`: it says as well with how many others it was sent.
    pub fn part(&self, nth: usize) -> String {
        match self.count {
            1 => self.key.clone(),
            count => [&self.key, ".", &count.to_string(), ".", &nth.to_string()].concat(),
        }
    }
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
            for complaint in Complaint::of_errors(errors, &[track.id]) {
                let is_new = found.iter().all(|known| known.place != complaint.place);
                if is_new && complaint.place != Place::Track(0) {
                    found.push(complaint);
                }
            }
        }
        found
    }

    /// What a press of the button sends, as the draft is at that moment, which ends it: what is changed while it is being
    /// sent is for the next press. New tracks go together. What was sent before and not answered goes as it went, under its
    /// key; if some tracks of that are not what they were, under that key all the same, which the server takes for one
    /// request alone. Where the server takes no batches, each new track goes alone.
    pub fn orders(&mut self, press: &str, has_batches: bool) -> Vec<Order> {
        let most = if has_batches { BATCH_TRACKS_MAX } else { 1 };
        self.press.clear();
        let (mut orders, mut fresh): (Vec<Order>, Vec<TrackId>) = (Vec::new(), Vec::new());
        for id in self.due() {
            let Some((key, count)) = self.unanswered(id) else {
                fresh.push(id);
                continue;
            };
            match orders.iter_mut().find(|order| order.key == key) {
                Some(order) => order.tracks.push(id),
                None => orders.push(Order { key, tracks: vec![id], count, body: String::new() }),
            }
        }
        if let Some(broken) = orders.iter_mut().find(|order| order.tracks.len() != order.count) {
            let room = most.saturating_sub(broken.tracks.len()).min(fresh.len());
            broken.tracks.extend(fresh.drain(..room));
        }
        for tracks in fresh.chunks(most) {
            let key = [press, "-", &tracks[0].to_string()].concat();
            orders.push(Order { key, tracks: tracks.to_vec(), ..Order::default() });
        }
        for order in &mut orders {
            self.note(order);
        }
        orders
    }

    /// The key that a track was sent under without an answer, if it still is what was sent, and with how many.
    fn unanswered(&self, id: TrackId) -> Option<(String, usize)> {
        let last = self.resent(self.track(id)?)?;
        let mut parts = last.key.split('.');
        let key = parts.next()?.to_owned();
        Some((key, parts.next().and_then(|count| count.parse().ok()).unwrap_or(1)))
    }

    /// What a track was sent as without an answer, if it still is that: another name alone makes no other dub.
    fn resent<'a>(&self, track: &'a Track) -> Option<&'a Attempt> {
        let last = track.attempt.as_ref().filter(|last| last.dub.is_none())?;
        (last.body == body(&self.request_as(track, &last.label))).then_some(last)
    }

    /// Notes what an order is sent as, and its tracks as sent with it.
    fn note(&mut self, order: &mut Order) {
        let label = |track: &Track| self.resent(track).map_or(&track.label, |last| &last.label).clone();
        let tracks: Vec<&Track> = order.tracks.iter().filter_map(|id| self.track(*id)).collect();
        let labels: Vec<String> = tracks.iter().map(|track| label(track)).collect();
        let requests: Vec<NewDub> =
            tracks.iter().zip(&labels).map(|(track, label)| self.request_as(track, label)).collect();
        order.body = match requests.as_slice() {
            [one] => body(one),
            all => batch_body(all),
        };
        order.count = order.tracks.len();
        for (nth, (request, label)) in requests.into_iter().zip(labels).enumerate() {
            if let Some(track) = self.track_mut(order.tracks[nth]) {
                track.attempt = Some(Attempt { key: order.part(nth), body: body(&request), label, dub: None });
            }
        }
    }

    /// Takes the tracks of an order for such as were never sent: under its key nothing more can be asked for.
    pub fn give_up(&mut self, order: &Order) {
        for id in &order.tracks {
            if let Some(track) = self.track_mut(*id) {
                track.attempt = None;
            }
        }
    }

    /// Notes the dub that the order of this key became. The track may have been removed, or changed and ordered anew.
    pub fn accept(&mut self, key: &str, dub: DubId) {
        let mut attempts = self.tracks.iter_mut().filter_map(|track| track.attempt.as_mut());
        if let Some(attempt) = attempts.find(|attempt| attempt.key == key) {
            attempt.dub = Some(dub);
        }
    }

    /// Takes the track of a dub that is gone for one that was never sent.
    pub fn forget(&mut self, dub: &DubId) {
        for track in self.tracks.iter_mut().filter(|track| track.dub() == Some(dub)) {
            track.attempt = None;
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

/// A batch as it is sent: what all share, and the voices. Put together of requests as they are written anyway: a type of its
/// own would be code of its own.
fn batch_body(all: &[NewDub]) -> String {
    let mut text = all.first().map(|one| body(&NewDub { audio: None, label: None, ..one.clone() })).unwrap_or_default();
    text.pop();
    let voice =
        |one: &NewDub| body(&NewDub { audio: one.audio.clone(), label: one.label.clone(), ..NewDub::default() });
    let voices: Vec<String> = all.iter().map(voice).collect();
    [&text, ",\"", TRACKS, "\":[", &voices.join(","), "]}"].concat()
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
