//! Where there is nothing.

use super::element::{El, bare, el};
use super::{page_link::page_link, title::title};
use crate::model::route::Route;

/// Says that there is nothing and why, and where there is something.
pub fn not_found(heading: &'static str, why: &'static str) -> El {
    title(move || heading.to_owned());
    let ways = el("p", "actions")
        .child(page_link(Route::Studio, "btn").text("Go to the studio"))
        .child(page_link(Route::Library, "btn").text("Go to the library"));
    el("div", "blank").child(bare("h1").text(heading)).child(bare("p").text(why)).child(ways)
}
