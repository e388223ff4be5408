//! Contexts and routes.

use leptos::prelude::*;

use crate::components::bar::Bar;
use crate::components::connection_notice::ConnectionNotice;
use crate::model::route::Route;
use crate::pages::{
    dub::DubPage, library::LibraryPage, not_found::NotFound, studio::StudioPage, unreachable::Unreachable,
};
use crate::state::{Clock, Connection, Library, Navigation, Session, Studio, ThemeChoice, Watcher};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let (navigation, session, connection, watcher) =
        (Navigation::start(), Session::new(), Connection::new(), Watcher::new());
    let clock = Clock::start();
    provide_context(navigation);
    provide_context(session);
    provide_context(connection);
    provide_context(watcher);
    provide_context(clock);
    provide_context(ThemeChoice::start());
    provide_context(Studio::start());
    provide_context(Library::new());
    watcher.start(session, connection, clock);

    let is_unreachable =
        Memo::new(move |_| session.with(|config| config.is_none()) && connection.retry_in_s().is_some());
    view! {
        <Bar/>
        <ConnectionNotice/>
        <main id="main" tabindex="-1">
            {move || if is_unreachable.get() { view! { <Unreachable/> }.into_any() } else { page(navigation.route()) }}
        </main>
    }
}

fn page(route: Route) -> AnyView {
    match route {
        Route::Studio => view! { <StudioPage/> }.into_any(),
        Route::Library => view! { <LibraryPage/> }.into_any(),
        Route::Dub(id) => view! { <DubPage id/> }.into_any(),
        Route::NotFound => {
            view! { <NotFound heading="Nothing here" detail="This address leads nowhere. It may have been mistyped."/> }
                .into_any()
        }
    }
}
