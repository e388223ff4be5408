//! The studio: the draft, what is wrong with it, and what its links turned out to be.

use contract::{Dub, DubId, Sample, media_url};
use leptos::{prelude::*, task::spawn_local};

use super::{Session, Uploads, always, naming::upload_name};
use crate::browser::workbench::seam::Job;
use crate::browser::{link, listen, page, storage, workbench};
use crate::model::complaint::{Complaint, Place, TrackId};
use crate::model::draft::Draft;
use crate::model::kept;
use crate::model::look::Kind;
use crate::model::media::{self, Inside, Probe};
use crate::model::source::Source;

/// The picture's place among the probes; tracks are counted from 1.
pub const PICTURE: TrackId = 0;

/// The studio's signals. Lives as long as the page, so going to the library and back changes nothing.
#[derive(Debug, Clone, Copy)]
pub struct Studio {
    /// The form.
    pub draft: RwSignal<Draft>,
    /// What is wrong with it.
    pub complaints: RwSignal<Vec<Complaint>>,
    /// What the links turned out to be: the voices' by their tracks, the video's as [`PICTURE`].
    pub probes: RwSignal<Vec<(TrackId, Probe, Inside)>>,
    /// Whether tracks are being sent.
    pub is_sending: RwSignal<bool>,
    /// The draft that another took the place of, until the visitor has it back or does without.
    pub put_aside: RwSignal<Option<Draft>>,
    /// Whether they are only waiting for uploads to arrive.
    pub is_waiting: RwSignal<bool>,
}

impl Studio {
    /// A studio with this draft.
    pub fn new(draft: Draft) -> Self {
        Self {
            draft: RwSignal::new(draft),
            complaints: RwSignal::new(Vec::new()),
            probes: RwSignal::new(Vec::new()),
            is_sending: RwSignal::new(false),
            put_aside: RwSignal::new(None),
            is_waiting: RwSignal::new(false),
        }
    }

    /// Takes the kept draft up, and keeps every change of it; other tabs work on the same one.
    pub fn start() -> Self {
        let kept = || storage::read(storage::DRAFT).and_then(|text| kept::from_text(&text));
        let studio = Self::new(kept().unwrap_or_default());
        studio.put_aside.set(storage::read(storage::ASIDE).and_then(|text| kept::from_text(&text)));
        always(move || storage::write(storage::DRAFT, &studio.draft.with(kept::to_text)));
        always(move || {
            let aside = studio.put_aside.with(|draft| draft.as_ref().map(kept::to_text));
            storage::write(storage::ASIDE, &aside.unwrap_or_default());
        });
        listen::on_storage(move || {
            if let Some(draft) = kept().filter(|draft| *draft != *studio.draft.read_untracked()) {
                studio.draft.set(draft);
            }
        });
        studio
    }

    /// Puts another draft in place of this one, which can be brought back if anything of it would be missed.
    pub fn replace(self, draft: Draft) {
        let (old, last_id) = self.draft.with_untracked(|old| (old.clone(), old.last_id));
        self.put_aside.set(Some(old).filter(Draft::is_worth_keeping));
        self.put_in_place(draft.numbered_after(last_id));
    }

    /// Brings the draft back that was put aside.
    pub fn bring_back(self) {
        if let Some(draft) = self.put_aside.try_update(Option::take).flatten() {
            let last_id = self.draft.with_untracked(|draft| draft.last_id);
            // A press that waited in it was given up when it was put aside.
            self.put_in_place(Draft { last_id, press: String::new(), ..draft });
        }
    }

    fn put_in_place(self, draft: Draft) {
        self.complaints.set(Vec::new());
        // The same video stays in its element, which says only once what it is.
        let is_same = self.draft.with_untracked(|old| old.video.key() == draft.video.key());
        self.probes.update(|probes| probes.retain(|(id, ..)| is_same && *id == PICTURE));
        self.draft.set(draft);
    }

    /// Tries the page with the server's own media.
    pub fn take_sample(self, sample: &Sample) {
        self.replace(Draft::of_sample(sample));
        // The button that was pressed is gone; what comes next is to send it.
        page::focus_quietly(&Place::Bar.id());
    }

    /// Starts from what `dub` was made from.
    pub fn edit(self, dub: &Dub) {
        self.replace(Draft::of_dub(dub, upload_name));
    }

    /// Changes the draft in one place; what was wrong there is forgotten.
    pub fn change(self, place: Place, change: impl FnOnce(&mut Draft)) {
        self.forgive(place);
        self.draft.update(change);
    }

    /// Forgets what was wrong in one place.
    pub fn forgive(self, place: Place) {
        if self.complaint(place).is_some() {
            self.complaints.update(|complaints| complaints.retain(|complaint| complaint.place != place));
        }
    }

    /// What is wrong in one place.
    pub fn complaint(self, place: Place) -> Option<String> {
        self.complaints.with(|all| all.iter().find(|one| one.place == place).map(|one| one.detail.clone()))
    }

    /// Says what is wrong in one place, instead of anything said before.
    pub fn complain(self, place: Place, detail: &str) {
        self.complaints.update(|complaints| {
            complaints.retain(|complaint| complaint.place != place);
            complaints.push(Complaint::new(place, detail));
        });
    }

    /// Checks a link that stands in `place`; an empty one is not wrong yet.
    pub fn check_link(self, place: Place, text: &str, session: Session) -> bool {
        match media_url::check(text.trim(), session.policy(), link::parse) {
            Err(refusal) if !text.trim().is_empty() => {
                self.complain(place, refusal.detail);
                false
            }
            checked => checked.is_ok(),
        }
    }

    /// Checks the fields of the settings; for when the visitor leaves one.
    pub fn check_settings(self, place: Place, session: Session) {
        let wrong = self.draft.with_untracked(|draft| draft.complaints(session.policy(), link::parse));
        if let Some(complaint) = wrong.iter().find(|complaint| complaint.place == place) {
            self.complain(place, &complaint.detail);
        }
    }

    /// Makes the link in the video's box the video, if it can be one.
    pub fn add_video(self, session: Session) -> bool {
        let text = self.draft.with_untracked(|draft| draft.video_box.trim().to_owned());
        let is_taken = self.check_link(Place::Video, &text, session);
        if is_taken {
            self.learn(PICTURE, Probe::Loading);
            self.change(Place::Video, |draft| {
                draft.video = Source::Link(text);
                draft.video_box.clear();
            });
        }
        is_taken
    }

    /// Takes the video out; a link goes back into its box.
    pub fn reopen_video(self) {
        self.change(Place::Video, |draft| {
            if let Source::Link(link) = std::mem::take(&mut draft.video) {
                draft.video_box = link;
            }
        });
    }

    /// Makes the link in the voices' box a voice, if it can be one.
    pub fn add_voice(self, session: Session) -> Option<TrackId> {
        let text = self.draft.with_untracked(|draft| draft.voice_box.trim().to_owned());
        self.check_link(Place::Voice, &text, session).then(|| {
            self.forgive(Place::Voice);
            let mut id = 0;
            self.draft.update(|draft| {
                id = draft.add_track(media::guess_language(&text), Source::Link(text));
                draft.voice_box.clear();
            });
            id
        })
    }

    /// Takes a voice out.
    pub fn remove_voice(self, id: TrackId) {
        self.change(Place::Track(id), |draft| draft.tracks.retain(|track| track.id != id));
        self.probes.update(|probes| probes.retain(|(known, ..)| *known != id));
    }

    /// Notes what a link turned out to be.
    pub fn learn(self, id: TrackId, probe: Probe) {
        self.probes.update(|probes| {
            probes.retain(|(known, ..)| *known != id);
            probes.push((id, probe, Inside::default()));
        });
    }

    /// What a link turned out to be.
    pub fn probe(self, id: TrackId) -> Probe {
        self.probes.with(|probes| probes.iter().find(|(known, ..)| *known == id).map(|it| it.1).unwrap_or_default())
    }

    /// Has the whole of a file, or a video behind a link, looked into once it is known to play. What cannot be found out
    /// is not told.
    pub fn look_inside(self, id: TrackId, uploads: Uploads) {
        let (place, kind) = match id {
            PICTURE => (Place::Video, Kind::Video),
            _ => (Place::Track(id), Kind::Voice),
        };
        let address = move || untrack(|| self.draft.with(|draft| uploads.address(draft.source(place))));
        let asked = address();
        // Of a voice behind another's link no more can be learnt than its element has told.
        if kind == Kind::Voice && !["blob:", "/"].iter().any(|own| asked.starts_with(own)) {
            return;
        }
        spawn_local(async move {
            let look = workbench::look_into(&workbench::Source::Link(asked.clone()), kind).await;
            // Another may be in its place by now.
            let Some(inside) = Inside::of(look.map(|look| look.facts)).filter(|_| address() == asked) else { return };
            self.probes.update(|probes| {
                if let Some((_, probe, known)) = probes.iter_mut().find(|(known, ..)| *known == id) {
                    *probe = probe.or_as_long_as(inside.duration_ms);
                    *known = inside;
                }
            });
        });
    }

    /// Has the workbench do something for a voice or a picture; where it cannot be had, the voices' card says why.
    pub fn tell(self, job: Job, text: String) {
        spawn_local(async move {
            if let Err(unavailable) = workbench::tell(job, text).await {
                self.complain(Place::Voice, unavailable.words());
            }
        });
    }

    /// Reads what was found inside of a file; inside of a closure that follows.
    pub fn inside<T>(self, id: TrackId, read: impl FnOnce(&Inside) -> T) -> Option<T> {
        self.probes.with(|probes| probes.iter().find(|(known, ..)| *known == id).map(|it| read(&it.2)))
    }

    /// Checks the box that `place` is about, as [`check_link`](Self::check_link); an empty one is not wrong yet.
    pub fn check_box(self, place: Place, session: Session) {
        let text = self.draft.with_untracked(|draft| match place {
            Place::Video => draft.video_box.clone(),
            _ => draft.voice_box.clone(),
        });
        self.check_link(place, &text, session);
    }

    /// The press that waits for files; empty while there is none.
    pub fn press(self) -> String {
        self.draft.with_untracked(|draft| draft.press.clone())
    }

    /// Notes a press for this and every other tab, and for after a reload; an empty one ends the one before.
    pub fn set_press(self, press: &str) {
        self.draft.update(|draft| press.clone_into(&mut draft.press));
    }

    /// Whether a text of the draft's has anything in it.
    pub fn has_text(self, read: fn(&Draft, Place) -> &str, place: Place) -> bool {
        self.draft.with_untracked(|draft| !read(draft, place).is_empty())
    }

    /// The ids of the tracks.
    pub fn track_ids(self) -> Vec<TrackId> {
        self.draft.with(|draft| draft.tracks.iter().map(|track| track.id).collect())
    }

    /// The track on the stage.
    pub fn selected(self) -> Option<TrackId> {
        self.draft.with(|draft| draft.selected().map(|track| track.id))
    }

    /// The id of the dub on the stage.
    pub fn chosen(self) -> Option<String> {
        self.draft.with(|draft| Some(draft.selected()?.dub()?.0.clone()))
    }

    /// Puts the dub of a second try in the place of the first.
    pub fn try_instead(self, old: &DubId, new: DubId) {
        self.draft.update(|draft| draft.try_instead(old, new));
    }

    /// Forgets a dub that was deleted: its track is there to be dubbed again.
    pub fn forget(self, dub: &DubId) {
        self.draft.update(|draft| draft.forget(dub));
    }

    /// The dubs that the draft has become so far.
    pub fn dubs(self) -> Vec<DubId> {
        self.draft.with(|draft| draft.tracks.iter().filter_map(|track| track.dub().cloned()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_where_something_is_wrong_takes_the_complaint_back() {
        Owner::new().with(|| {
            let studio = Studio::new(Draft::default());
            studio.complain(Place::Seed, "no number");
            studio.complain(Place::Video, "no link");
            studio.change(Place::Seed, |draft| draft.seed = "7".into());
            assert_eq!(studio.complaint(Place::Seed), None);
            assert_eq!(studio.complaint(Place::Video).as_deref(), Some("no link"));
        });
    }

    #[test]
    fn a_removed_voice_leaves_nothing_behind() {
        Owner::new().with(|| {
            let mut draft = Draft::default();
            let id = draft.add_track("Español", "https://a.example/es.mp3".into());
            let studio = Studio::new(draft);
            studio.learn(id, Probe::Closed);
            studio.complain(Place::Track(id), "too long");
            studio.remove_voice(id);
            assert!(studio.draft.read_untracked().tracks.is_empty());
            assert_eq!((studio.probe(id), studio.complaint(Place::Track(id))), (Probe::Loading, None));
        });
    }
}
