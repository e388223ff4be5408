//! Contexts and routes.

use leptos::prelude::*;

use crate::browser::{media, narrow};
use crate::components::bar::bar;
use crate::components::connection_notice::connection_notice;
use crate::components::element::{El, bare};
use crate::components::not_found::not_found;
use crate::model::route::Route;
use crate::pages::{
    dub::dub_page,
    library::library_page,
    studio::{put_stage_in_order, studio_page},
    unreachable::unreachable,
};
use crate::state::{Connection, Navigation, Page, Session, given};

/// The whole page.
pub fn app() -> impl IntoView {
    Page::start();
    narrow::on_change(put_stage_in_order);
    media::hear_one_at_a_time();
    let (navigation, session, connection) = (given::<Navigation>(), given::<Session>(), given::<Connection>());
    let is_unreachable =
        Memo::new(move |_| session.with(|config| config.is_none()) && connection.retry_in_s().is_some());
    let main = bare("main").set("id", "main").set("tabindex", "-1").live(move || {
        let (route, is_unreachable) = (navigation.route(), is_unreachable.get());
        // What a page reads while it is put together is no reason to put it together again.
        untrack(|| if is_unreachable { unreachable() } else { page(route) }).into()
    });
    [AnyView::from(bar()), connection_notice().into(), main.into()]
}

fn page(route: Route) -> El {
    match route {
        Route::Studio => studio_page(),
        Route::Library => library_page(),
        Route::Dub(id) => dub_page(id),
        Route::NotFound => not_found("Nothing here", "This address leads nowhere. It may have been mistyped."),
    }
}
