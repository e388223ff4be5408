//! The bar at the top: whose page it is, where one can go, what mode the server is in. `index.html` paints the same.

use contract::{Config, Mode};
use leptos::prelude::AnyView;

use super::button::blank_button;
use super::element::{El, bare, el, nothing};
use super::icon::icon;
use super::page_link::page_link;
use crate::model::{route::Route, theme::Theme};
use crate::state::{Session, ThemeChoice, given};

/// The bar.
pub fn bar() -> El {
    let session = given::<Session>();
    let brand = el("span", "brand").child(icon("logo")).says(move || session.with(brand));
    let nav = bare("nav")
        .set("aria-label", "Pages")
        .child(page_link(Route::Studio, "").text("Studio"))
        .child(page_link(Route::Library, "").text("Library"));
    let end = el("div", "end").live(move || session.with(pill)).child(theme_button());
    el("header", "bar").child(brand).child(nav).child(end)
}

fn brand(config: Option<&Config>) -> String {
    config.map_or_else(|| "Redub".to_owned(), |config| config.brand.name.clone())
}

fn pill(config: Option<&Config>) -> AnyView {
    match config.map(|config| config.mode) {
        Some(Mode::Sandbox) => el("span", "pill").set("data-tone", "warn").text("Sandbox: nothing is billed").into(),
        _ => nothing(),
    }
}

fn theme_button() -> El {
    let choice = given::<ThemeChoice>();
    let (says, shows) = (move || words(choice.theme()).0, move || words(choice.theme()).1);
    blank_button("btn quiet round", move || choice.turn())
        .follow("aria-label", move || Some(says()))
        .live(move || icon(shows()).into())
}

/// What the theme button says, and its drawing.
fn words(theme: Theme) -> (&'static str, &'static str) {
    match theme {
        Theme::System => ("Theme: as the system", "theme-system"),
        Theme::Light => ("Theme: light", "theme-light"),
        Theme::Dark => ("Theme: dark", "theme-dark"),
    }
}
