//! The files of the draft on their way to the server. Which files there are, the draft says; the workbench sends them, and
//! tells here how far each is.

use contract::{UploadKind, UploadLimits};
use leptos::{prelude::*, task::spawn_local};

use super::{Session, Studio, always, studio::PICTURE};
use crate::browser::drop::on_drop;
use crate::browser::files::Array;
use crate::browser::page;
use crate::browser::workbench;
use crate::browser::workbench::seam::{Job, Named, Progress};
use crate::model::complaint::{Complaint, Place};
use crate::model::draft::Draft;
use crate::model::media::Probe;
use crate::model::source::{OwnFile, Source};
use crate::model::upload::{FINISHED, LOST, MOVING, UNFIT};

/// Stands in no file's name.
const SEPARATOR: &str = "\u{0}";

/// All of them.
#[derive(Debug, Clone, Copy)]
pub struct Uploads {
    studio: Studio,
    session: Session,
    rows: RwSignal<Vec<Progress>>,
}

impl Uploads {
    /// Files that nothing is known of yet.
    pub fn new(studio: Studio, session: Session) -> Self {
        Self { studio, session, rows: RwSignal::new(Vec::new()) }
    }

    /// Follows the draft for as long as the page lives.
    pub fn start(self) {
        let keys = Memo::new(move |_| {
            let one = |keys: String, named: Named| {
                [keys.as_str(), &named.file.key(), if named.is_needed { "+" } else { "" }, SEPARATOR].concat()
            };
            self.files().into_iter().fold(String::new(), one)
        });
        always(move || {
            // The video's size is told with them.
            self.studio.probes.track();
            let has_files = !keys.with(String::is_empty) || self.rows.with_untracked(|rows| !rows.is_empty());
            if has_files && self.limits().is_some() {
                untrack(|| self.follow());
            }
        });
        on_drop(move || untrack(|| self.limits()).is_some(), move |files| self.take(files, None));
    }

    /// What may be uploaded; `None` where nothing may.
    pub fn limits(self) -> Option<UploadLimits> {
        self.session.with(|config| config.filter(|config| config.features.uploads)?.limits.upload)
    }

    /// The files of the draft, and of the one that was put aside: it can be brought back.
    fn files(self) -> Vec<Named> {
        let list = |draft: &Draft| {
            let needed = draft.needed();
            let named = |(place, file): (Place, &OwnFile)| Named {
                file: file.clone(),
                kind: kind_of(place),
                is_needed: draft.tracks.is_empty() || needed.iter().any(|(needed, _)| *needed == place),
            };
            draft.files().map(named).collect::<Vec<_>>()
        };
        let mut files = self.studio.draft.with(list);
        if let Some(aside) = self.studio.put_aside.with(|draft| draft.as_ref().map(list)) {
            files.extend(aside);
        }
        files
    }

    fn follow(self) {
        let files = self.files();
        self.rows.update(|rows| rows.retain(|row| files.iter().any(|named| named.file.key() == row.key)));
        spawn_local(async move {
            self.bring(files).await;
        });
    }

    /// Has the files sent; tells whether somebody does.
    async fn bring(self, files: Vec<Named>) -> bool {
        let frame = untrack(|| self.studio.probe(PICTURE).size().unwrap_or_default());
        let sending = workbench::send(files, frame, move |progress| self.learn(progress)).await;
        if let Err(unavailable) = sending {
            self.studio.complain(Place::Bar, unavailable.words());
        }
        sending.is_ok()
    }

    /// Begins with files that nothing is known of: what sends them may not have been loaded. Tells whether it is now.
    pub async fn are_followed(self) -> bool {
        let files = untrack(|| self.files());
        let is_known = |named: &Named| untrack(|| self.read(&named.file.key(), |_| ())).is_some();
        files.iter().all(is_known) || self.bring(files).await
    }

    /// Notes how far a file is.
    fn learn(self, progress: Progress) {
        let is_new = |file: &OwnFile| file.key() == progress.key && file.upload != progress.upload;
        let Some(named) = untrack(|| self.files()).into_iter().find(|named| named.file.key() == progress.key) else {
            return;
        };
        if is_new(&named.file) && !progress.upload.is_empty() {
            let note = |draft: &mut Draft| draft.note_upload(&progress.key, &progress.upload);
            self.studio.draft.update(note);
            self.studio.put_aside.update(|draft| draft.iter_mut().for_each(note));
        }
        self.rows.update(|rows| {
            rows.retain(|row| row.key != progress.key);
            rows.push(progress);
        });
    }

    /// Takes files that were chosen for a place, or dropped anywhere.
    pub fn take(self, files: Array, place: Option<Place>) {
        let Some(limits) = untrack(|| self.limits()) else { return };
        let has = untrack(|| self.files()).len();
        let is_single = place.is_some_and(|place| place != Place::Voice);
        let room = (limits.max_files as usize).saturating_sub(has).max(usize::from(is_single));
        spawn_local(async move {
            let at = place.unwrap_or(Place::Video);
            self.studio.forgive(at);
            match workbench::sort(&files, place.map(kind_of), limits, room).await {
                Ok((taken, mut refused)) => {
                    let is_taken = !taken.is_empty();
                    for named in taken {
                        self.put(named, place, &mut refused);
                    }
                    // What was pressed is mostly gone now, with the focus. New voices leave theirs where it was.
                    if let Some(place) = place.filter(|place| is_taken && *place != Place::Voice) {
                        page::focus_soon(place.id());
                    }
                    if !refused.is_empty() {
                        self.studio.complain(at, &refused);
                    }
                }
                Err(unavailable) => self.studio.complain(at, unavailable.words()),
            }
        });
    }

    /// Puts a file into its place in the draft. One that is there already is not put there twice.
    fn put(self, Named { file, kind, .. }: Named, place: Option<Place>, refused: &mut String) {
        let key = file.key();
        let here = self
            .studio
            .draft
            .with_untracked(|draft| draft.files().find(|(_, known)| known.key() == key).map(|it| it.0));
        let place = match kind {
            UploadKind::Video => Place::Video,
            UploadKind::Image => Place::Mask,
            UploadKind::Audio => place.unwrap_or(Place::Voice),
        };
        match here {
            Some(_) if self.read(&key, |row| row.face == LOST) == Some(true) => self.retry(&key),
            Some(_) => refused.push_str(&[&file.name, ": this file is here already. "].concat()),
            None => {
                match place {
                    Place::Video => self.studio.learn(PICTURE, Probe::Loading),
                    Place::Track(id) => self.studio.learn(id, Probe::Loading),
                    _ => {}
                }
                self.studio.change(place, |draft| draft.put(place, Source::File(file)));
            }
        }
    }

    /// Tries one again that was refused or had lost its file.
    pub fn retry(self, key: &str) {
        self.studio.tell(Job::Retry, key.to_owned());
    }

    /// Looks at a file's upload; inside of a closure that follows.
    pub fn read<T>(self, key: &str, look: impl FnOnce(&Progress) -> T) -> Option<T> {
        self.rows.with(|rows| rows.iter().find(|row| row.key == key).map(look))
    }

    /// Where the page can show a source; empty while it cannot.
    pub fn address(self, source: &Source) -> String {
        match source {
            Source::None => String::new(),
            Source::Link(link) => link.clone(),
            Source::File(file) => self.read(&file.key(), |row| row.address.clone()).unwrap_or_default(),
        }
    }

    /// Whether it is the file itself that is no good, by the face it has: it may also be the server that is full, or a quota.
    pub fn is_unusable(self, place: Place, face: &str) -> bool {
        face.starts_with(UNFIT) || self.studio.draft.with(|draft| draft.source(place).is_refused())
    }

    /// What the due tracks wait for: what will not get better by waiting, and the places of what will.
    pub fn waited_for(self) -> (Vec<Complaint>, Vec<Place>) {
        let (mut wrong, mut waited_for) = (Vec::new(), Vec::new());
        for (place, key) in self.studio.draft.with(Draft::needed) {
            match self.read(&key, |row| row.face.clone()).as_deref() {
                Some(FINISHED) => {}
                Some(MOVING) | None => waited_for.push(place),
                Some(LOST) => wrong.push(Complaint::new(place, "Choose this file again, or remove it.")),
                // Why is said beside it.
                Some(why) if self.is_unusable(place, why) => {
                    wrong.push(Complaint::new(place, "Choose another file, or remove this one."));
                }
                Some(_) => wrong.push(Complaint::new(place, "Try this file again, or remove it.")),
            }
        }
        (wrong, waited_for)
    }
}

/// What is wanted at a place.
fn kind_of(place: Place) -> UploadKind {
    match place {
        Place::Video => UploadKind::Video,
        Place::Mask => UploadKind::Image,
        _ => UploadKind::Audio,
    }
}
