//! The visitor's dubs, as a plain list.

use contract::DubId;
use leptos::prelude::*;

use crate::browser::clock::{day, parse_ms};
use crate::components::element::{El, bare, el, nothing};
use crate::components::{button::button, page_link::page_link, phase_pill::phase_pill, title::title};
use crate::model::{route::Route, words};
use crate::state::{Clock, Library, Watcher, always, given, library::Status, naming::full_name};

/// The library.
pub fn library_page() -> El {
    let (library, watcher) = (given::<Library>(), given::<Watcher>());
    title(|| "Library".to_owned());
    library.reload(watcher);
    always(move || library.shelf.with(|shelf| watcher.look_at(&shelf.dubs)));
    let ids = Memo::new(move |_| library.ids());
    let rows = move || ids.get().into_iter().map(|id| AnyView::from(row(DubId(id)))).collect_view().into_any();
    el("div", "library")
        .child(bare("h1").text("Library"))
        .child(el("ul", "card dubs").live(rows))
        .child(bare("div").set("aria-live", "polite").live(move || foot(library, watcher)))
}

fn foot(library: Library, watcher: Watcher) -> AnyView {
    let shelf = library.shelf.get();
    let load = move || library.load(watcher);
    match shelf.status {
        Status::Loading => el("p", "hint").text("Loading").into(),
        Status::Broken(detail, _) => {
            let words = bare("p").child(bare("b").text("The library could not be loaded. ")).word(detail);
            el("div", "notice").set("data-tone", "bad").child(words).child(button("btn", "Retry", load)).into()
        }
        Status::Filled if shelf.dubs.is_empty() => empty().into(),
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
    let (watcher, clock) = (given::<Watcher>(), given::<Clock>());
    let link = page_link(Route::Dub(id.0.clone()), "dub");
    let dub = watcher.follow(id);
    let link = link
        .child(bare("b").says(move || dub.read(full_name).unwrap_or_default()))
        .child(phase_pill(dub))
        .child(el("small", "num").says(move || dub.read(|dub| age(&dub.created_at, clock)).unwrap_or_default()));
    bare("li").child(link)
}

fn age(created_at: &str, clock: Clock) -> String {
    let age_ms = parse_ms(created_at).map_or(0, |created_ms| clock.now_ms() - created_ms);
    words::age(age_ms).unwrap_or_else(|| day(created_at))
}
