//! The visitor's dubs, as a plain list.

use contract::DubId;
use leptos::prelude::*;

use crate::browser::clock::{day, parse_ms};
use crate::components::dub_endings::{Said, cancel, delete, deleted, warning};
use crate::components::element::{El, bare, el, live, nothing};
use crate::components::{button::button, page_link::page_link, phase_pill::phase_pill, rows::rows, title::title};
use crate::model::{route::Route, words};
use crate::state::{
    Clock, Library, Session, Trash, Watcher, always, given, library::Status, naming::full_name, trash, watcher::Follow,
};

/// The library.
pub fn library_page() -> El {
    let (library, watcher) = (given::<Library>(), given::<Watcher>());
    title(|| "Library".to_owned());
    // Not before the first answer, which says who the visitor is: two of them at once would be two visitors.
    let session = given::<Session>();
    always(move || {
        if session.with(|config| config.is_some()) {
            library.reload(watcher);
        }
    });
    let ids = Memo::new(move |_| library.ids(watcher));
    always(move || ids.with(|ids| watcher.look_at(ids)));
    let list = rows(move || ids.get().into_iter().map(|id| id.0).collect(), |id| row(DubId(id)).into());
    el("div", "library")
        .child(bare("h1").text("Library"))
        .child(el("ul", "card dubs").child(list))
        .child(bare("div").set("aria-live", "polite").live(move || foot(library, watcher, ids.with(Vec::is_empty))))
}

fn foot(library: Library, watcher: Watcher, is_empty: bool) -> AnyView {
    let shelf = library.shelf.get();
    let load = move || library.load(watcher);
    match shelf.status {
        Status::Loading => el("p", "hint").text("Loading").into(),
        Status::Broken(detail, _) => {
            let words = bare("p").child(bare("b").text("The library could not be loaded. ")).word(detail);
            el("div", "notice").set("data-tone", "bad").child(words).child(button("btn", "Retry", load)).into()
        }
        Status::Filled if is_empty => empty().into(),
        Status::Filled if shelf.cursor.is_some() => button("btn", "Load more", load).into(),
        Status::Filled => nothing(),
    }
}

fn empty() -> El {
    el("div", "blank")
        .child(bare("h2").text("No dubs yet"))
        .child(bare("p").text("What you dub is kept here."))
        .child(el("p", "actions").child(page_link(Route::Studio, "btn").text("Go to the studio")))
}

fn row(id: DubId) -> El {
    let (trash, watcher) = (given::<Trash>(), given::<Watcher>());
    let dub = watcher.follow(id.clone());
    let is_open = Memo::new(move |_| dub.read(|dub| !dub.phase.is_final()).unwrap_or_default());
    let is_deleted = Memo::new({
        let id = id.clone();
        move |_| trash.deletion(&id).goes_on()
    });
    bare("li").live(move || match dub.now().filter(|_| is_deleted.get()) {
        Some(dub) => untrack(|| deleted("dub", &dub)).into(),
        None => untrack(|| entry(&id, dub, is_open)).into_any(),
    })
}

/// A dub's link, and how its owner ends it.
fn entry(id: &DubId, dub: Follow, is_open: Memo<bool>) -> Vec<AnyView> {
    let (clock, said): (_, Said) = (given::<Clock>(), RwSignal::new(None));
    let link = page_link(Route::Dub(id.0.clone()), "dub")
        .put("id", trash::row(id))
        .child(bare("b").says(move || dub.read(full_name).unwrap_or_default()))
        .child(phase_pill(dub))
        .child(el("small", "num").says(move || dub.read(|dub| age(&dub.created_at, clock)).unwrap_or_default()));
    let ending = live(move || {
        let is_open = is_open.get();
        untrack(|| match dub.now() {
            Some(dub) if is_open => cancel("btn quiet", &dub, said),
            Some(dub) => delete("btn quiet", &dub).into(),
            None => nothing(),
        })
    });
    // Told before what it is about, which stands above it. What was said about cancelling is of no use any more once that
    // cannot be pressed.
    let cost = move || dub.read(warning).filter(|_| is_open.get() && said.with(Option::is_none));
    let cost = el("small", "said").says(move || cost().unwrap_or_default().to_owned());
    let words = move || said.get().filter(|_| is_open.get()).unwrap_or_default();
    vec![link.into(), cost.into(), ending, el("small", "said").set("role", "status").says(words).into()]
}

fn age(created_at: &str, clock: Clock) -> String {
    let age_ms = parse_ms(created_at).map_or(0, |created_ms| clock.now_ms() - created_ms);
    words::age(age_ms).unwrap_or_else(|| day(created_at))
}
