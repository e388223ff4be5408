//! A finished dub.

use contract::Dub;
use leptos::prelude::*;

use super::{copy_link::CopyLink, dub_actions::EditAgain, facts::facts, screen::Screen};
use crate::model::progress;

/// The dub in a player, what can be done with it, what it took.
pub fn result(dub: &Dub) -> AnyView {
    let name = progress::name(dub);
    let output = dub.output.clone().map(|output| {
        let download = output.url.clone() + "?download";
        view! {
            <Screen src=output.url name=["Dub: ", &name].concat()/>
            <div class="actions">
                <a class="btn" href=download download>"Download"</a>
                <CopyLink id=dub.id.clone()/>
                <EditAgain dub=dub.clone()/>
            </div>
        }
        .into_any()
    });
    view! { {output}{facts(dub)} }.into_any()
}
