//! Contexts and routes.

use leptos::prelude::*;

use crate::components::bar::Bar;
use crate::components::connection_notice::ConnectionNotice;
use crate::model::route::Route;
use crate::pages::{
    dub::DubPage, library::LibraryPage, not_found::NotFound, studio::StudioPage, unreachable::Unreachable,
};
use crate::state::{Connection, Navigation, Page, Session, given};

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    Page::start();
    let (navigation, session, connection) = (given::<Navigation>(), given::<Session>(), given::<Connection>());
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
