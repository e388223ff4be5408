//! What the draft's links and files turned out to be.

use leptos::{prelude::*, task::spawn_local};

use super::{PICTURE, Studio};
use crate::browser::workbench;
use crate::model::complaint::{Place, TrackId};
use crate::model::look::Kind;
use crate::model::media::{Inside, Probe};
use crate::state::Uploads;

impl Studio {
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

    /// Reads what was found inside of a file; inside of a closure that follows.
    pub fn inside<T>(self, id: TrackId, read: impl FnOnce(&Inside) -> T) -> Option<T> {
        self.probes.with(|probes| probes.iter().find(|(known, ..)| *known == id).map(|it| read(&it.2)))
    }
}
