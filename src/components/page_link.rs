//! A link within the page.

use leptos::{ev::MouseEvent, prelude::*};

use crate::model::route::Route;
use crate::state::{Navigation, given};

/// Goes to a route without loading anything; with a modifier key the browser does what it always does.
#[component]
pub fn PageLink(
    /// Where to.
    to: Route,
    /// The class.
    #[prop(optional)]
    class: &'static str,
    /// What it says.
    children: Children,
) -> impl IntoView {
    let navigation = given::<Navigation>();
    let target = to.clone();
    let href = to.path();
    let follow: Box<dyn FnMut(MouseEvent)> = Box::new(move |click| {
        let is_plain =
            click.button() == 0 && !(click.ctrl_key() || click.meta_key() || click.shift_key() || click.alt_key());
        if is_plain {
            click.prevent_default();
            navigation.go(to.clone());
        }
    });
    view! { <a href=href class=class aria-current=move || (navigation.route() == target).then_some("page") on:click=follow>{children()}</a> }
}
