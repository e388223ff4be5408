//! A finished dub.

use contract::Dub;
use leptos::prelude::*;

use super::{copy_link::CopyLink, dub_actions::EditAgain, facts::Facts, screen::Screen};
use crate::model::progress;

/// The dub in a player, what can be done with it, what it took.
#[component]
pub fn ResultView(
    /// The dub.
    dub: Dub,
) -> impl IntoView {
    let name = progress::name(&dub);
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
    });
    view! { {output}<Facts dub/> }
}
