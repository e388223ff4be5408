//! The bar at the top: whose page it is, where one can go, what mode the server is in. `index.html` paints the same.

use contract::Mode;
use leptos::prelude::*;

use super::{icon::Icon, page_link::PageLink};
use crate::model::route::Route;
use crate::model::theme::Theme;
use crate::state::{Session, ThemeChoice, given};

/// The bar.
#[component]
pub fn Bar() -> impl IntoView {
    let session = given::<Session>();
    let brand =
        move || session.with(|config| config.map_or_else(|| "Redub".to_owned(), |config| config.brand.name.clone()));
    let is_sandbox =
        Memo::new(move |_| session.with(|config| config.is_some_and(|config| config.mode == Mode::Sandbox)));
    let pill = move || {
        is_sandbox.get().then(|| view! { <span class="pill" data-tone="warn">"Sandbox: nothing is billed"</span> })
    };
    view! {
        <header class="bar">
            <span class="brand"><Icon name="logo"/>{brand}</span>
            <nav aria-label="Pages">
                <PageLink to=Route::Studio>"Studio"</PageLink>
                <PageLink to=Route::Library>"Library"</PageLink>
            </nav>
            <div class="end">{pill}<ThemeButton/></div>
        </header>
    }
}

#[component]
fn ThemeButton() -> impl IntoView {
    let choice = given::<ThemeChoice>();
    let name = move || match choice.theme() {
        Theme::System => "Theme: as the system",
        Theme::Light => "Theme: light",
        Theme::Dark => "Theme: dark",
    };
    let icon = move || match choice.theme() {
        Theme::System => view! { <Icon name="theme-system"/> },
        Theme::Light => view! { <Icon name="theme-light"/> },
        Theme::Dark => view! { <Icon name="theme-dark"/> },
    };
    view! {
        <button class="btn quiet round" type="button" aria-label=name title=name on:click=move |_| choice.turn()>{icon}</button>
    }
}
