//! The visitor's dubs, as a plain list.

use contract::{Dub, DubId, Media};
use leptos::prelude::*;

use crate::browser::clock::{day, parse_ms};
use crate::components::{button::button, page_link::PageLink, phase_pill::PhasePill, title::title};
use crate::model::{media, progress, route::Route, words};
use crate::state::{Clock, Library, Watcher, always, given, library::Status};

/// The library.
#[component]
pub fn LibraryPage() -> impl IntoView {
    let (library, watcher) = (given::<Library>(), given::<Watcher>());
    title(|| "Library".to_owned());
    library.reload(watcher);
    let ids =
        Memo::new(move |_| library.shelf.with(|shelf| shelf.dubs.iter().map(|id| id.0.clone()).collect::<Vec<_>>()));
    always(move || library.shelf.with(|shelf| watcher.look_at(&shelf.dubs)));
    view! {
        <div class="library">
            <h1>"Library"</h1>
            <ul class="card dubs">
                {move || ids.get().into_iter().map(|id| view! { <Row id=DubId(id)/> }.into_any()).collect_view()}
            </ul>
            <div aria-live="polite">{move || foot(library, watcher)}</div>
        </div>
    }
}

fn foot(library: Library, watcher: Watcher) -> AnyView {
    let shelf = library.shelf.get();
    match shelf.status {
        Status::Loading => view! { <p class="hint">"Loading"</p> }.into_any(),
        Status::Broken(detail) => view! {
            <div class="notice" data-tone="bad">
                <p><b>"The library could not be loaded. "</b>{detail}</p>
                {button("btn", "Retry", move || library.load(watcher))}
            </div>
        }
        .into_any(),
        Status::Filled if shelf.dubs.is_empty() => view! { <Empty/> }.into_any(),
        Status::Filled if shelf.cursor.is_some() => button("btn", "Load more", move || library.load(watcher)),
        Status::Filled => ().into_any(),
    }
}

#[component]
fn Empty() -> impl IntoView {
    view! {
        <div class="blank">
            <h2>"No dubs yet"</h2>
            <p>"What you dub is kept here."</p>
            <p class="actions"><PageLink to=Route::Studio class="btn">"Go to the studio"</PageLink></p>
        </div>
    }
}

#[component]
fn Row(id: DubId) -> impl IntoView {
    let (watcher, clock) = (given::<Watcher>(), given::<Clock>());
    let to = Route::Dub(id.0.clone());
    let dub = watcher.follow(id);
    view! {
        <li>
            <PageLink to class="dub">
                <b>{move || dub.read(full_name)}</b>
                <PhasePill dub/>
                <small class="num">{move || dub.read(|dub| age(&dub.created_at, clock))}</small>
            </PageLink>
        </li>
    }
}

/// `founder-message · Español`.
fn full_name(dub: &Dub) -> String {
    let video = match &dub.input.video {
        Media::Url(link) => media::file_name(link),
        Media::UploadId(_) => "",
    };
    let stem = video.rsplit_once('.').map_or(video, |(stem, _)| stem);
    [stem, if stem.is_empty() { "" } else { " · " }, &progress::name(dub)].concat()
}

fn age(created_at: &str, clock: Clock) -> String {
    let age_ms = parse_ms(created_at).map_or(0, |created_ms| clock.now_ms() - created_ms);
    words::age(age_ms).unwrap_or_else(|| day(created_at))
}
