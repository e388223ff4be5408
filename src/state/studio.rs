//! The studio: the draft, and what is wrong with it. What is typed into its boxes and what its links turned out to be are
//! parts of their own.

mod boxes;
mod probes;

use contract::{Dub, DubId, Sample};
use leptos::{prelude::*, task::spawn_local};

use super::{Watcher, always, naming::upload_name};
use crate::browser::workbench::seam::Job;
use crate::browser::{listen, page, storage, workbench};
use crate::model::complaint::{Complaint, Place, TrackId};
use crate::model::draft::Draft;
use crate::model::kept;
use crate::model::media::{Inside, Probe};

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

    /// Takes a voice out.
    pub fn remove_voice(self, id: TrackId) {
        self.change(Place::Track(id), |draft| draft.tracks.retain(|track| track.id != id));
        self.probes.update(|probes| probes.retain(|(known, ..)| *known != id));
    }

    /// Has the workbench do something for a voice or a picture; where it cannot be had, the voices' card says why.
    pub fn tell(self, job: Job, text: String) {
        spawn_local(async move {
            if let Err(unavailable) = workbench::tell(job, text).await {
                self.complain(Place::Voice, unavailable.words());
            }
        });
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

    /// Forgets the dubs that were deleted, here or elsewhere: their tracks are there to be dubbed again.
    pub fn forget_lost(self, watcher: Watcher) {
        for dub in self.dubs().iter().filter(|dub| watcher.has_lost(dub)) {
            self.draft.update(|draft| draft.forget(dub));
        }
    }

    /// The dubs that the draft has become so far.
    pub fn dubs(self) -> Vec<DubId> {
        self.draft.with(|draft| draft.tracks.iter().filter_map(|track| track.dub().cloned()).collect())
    }
}

#[cfg(test)]
mod tests;
