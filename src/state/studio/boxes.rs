//! What is typed into the studio's boxes, and what becomes of it.

use contract::media_url;
use leptos::prelude::*;

use super::{PICTURE, Studio};
use crate::browser::link;
use crate::model::complaint::{Place, TrackId};
use crate::model::media::{self, Probe};
use crate::model::source::Source;
use crate::state::Session;

impl Studio {
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

    /// Checks the box that `place` is about, as [`check_link`](Self::check_link); an empty one is not wrong yet.
    pub fn check_box(self, place: Place, session: Session) {
        let text = self.draft.with_untracked(|draft| match place {
            Place::Video => draft.video_box.clone(),
            _ => draft.voice_box.clone(),
        });
        self.check_link(place, &text, session);
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
}
