//! A link within the page.

use super::element::{El, bare, el};
use crate::browser::event;
use crate::model::route::Route;
use crate::state::{Navigation, given};

/// Goes to a route without loading anything; with a modifier key the browser does what it always does.
pub fn page_link(to: Route, class: &'static str) -> El {
    let navigation = given::<Navigation>();
    let target = to.clone();
    let link = if class.is_empty() { bare("a") } else { el("a", class) };
    link.put("href", to.path()).follow("aria-current", move || (navigation.route() == target).then_some("page")).on(
        "click",
        move |click| {
            if event::is_plain_click(&click) {
                click.prevent_default();
                navigation.go(to.clone());
            }
        },
    )
}
