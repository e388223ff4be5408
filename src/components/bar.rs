//! The bar at the top: whose page it is, where one can go, what mode the server is in. `index.html` paints the same.

use contract::{Config, Mode};
use leptos::prelude::*;

use super::{icon::Icon, page_link::PageLink, press::press};
use crate::model::route::Route;
use crate::model::theme::Theme;
use crate::state::{Session, ThemeChoice, given};

/// The bar.
#[component]
pub fn Bar() -> impl IntoView {
    let session = given::<Session>();
    view! {
        <header class="bar">
            <span class="brand"><Icon name="logo"/>{move || session.with(brand)}</span>
            <nav aria-label="Pages">
                <PageLink to=Route::Studio>"Studio"</PageLink>
                <PageLink to=Route::Library>"Library"</PageLink>
            </nav>
            <div class="end">{move || session.with(|config| pill(config?.mode))}<ThemeButton/></div>
        </header>
    }
}

fn brand(config: Option<&Config>) -> String {
    config.map_or_else(|| "Redub".to_owned(), |config| config.brand.name.clone())
}

fn pill(mode: Mode) -> Option<AnyView> {
    let is_sandbox = mode == Mode::Sandbox;
    is_sandbox.then(|| view! { <span class="pill" data-tone="warn">"Sandbox: nothing is billed"</span> }.into_any())
}

#[component]
fn ThemeButton() -> impl IntoView {
    let choice = given::<ThemeChoice>();
    view! {
        <button class="btn quiet round" aria-label=move || words(choice).0
            on:click=press(move || choice.turn())>{move || view! { <Icon name=words(choice).1/> }.into_any()}</button>
    }
}

/// What the theme button says, and its drawing.
fn words(choice: ThemeChoice) -> (&'static str, &'static str) {
    match choice.theme() {
        Theme::System => ("Theme: as the system", "theme-system"),
        Theme::Light => ("Theme: light", "theme-light"),
        Theme::Dark => ("Theme: dark", "theme-dark"),
    }
}
