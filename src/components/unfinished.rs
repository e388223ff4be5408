//! Dubs without a video: failed, ended, or of unknown fate.

use contract::{Dub, DubId};
use leptos::prelude::*;

use super::{
    dub_actions::{EditAgain, Resubmit, TryAgain},
    moving::original,
};
use crate::model::{progress, words};

/// What happened, what it cost, what to do.
#[component]
pub fn Failed(
    /// The dub.
    dub: Dub,
    /// Called with the dub that a second try has become.
    on_again: Callback<DubId>,
) -> impl IntoView {
    let detail = dub.problem.as_ref().map_or("No reason was given.", |problem| &problem.detail);
    let cost = match dub.metrics.and_then(|metrics| metrics.cost_usd) {
        Some(cost) if cost > 0.0 => ["It cost ", &words::usd(cost), "."].concat(),
        Some(_) => "Nothing was charged.".to_owned(),
        None => "No cost was reported.".to_owned(),
    };
    let text = [detail, " ", &cost].concat();
    view! {
        {original(&dub)}
        <div class="notice" data-tone="bad">
            <div><h2>{progress::heading(&dub)}</h2><p>{text}</p></div>
            <div class="actions"><TryAgain dub=dub.clone() on_again/><EditAgain dub/></div>
        </div>
    }
}

/// Its owner ended it.
#[component]
pub fn Cancelled(
    /// The dub.
    dub: Dub,
) -> impl IntoView {
    view! {
        {original(&dub)}
        <div class="notice">
            <div><h2>{progress::heading(&dub)}</h2></div>
            <div class="actions"><EditAgain dub/></div>
        </div>
    }
}

/// Why nobody knows, and the choice that only its owner can make.
#[component]
pub fn Unconfirmed(
    /// The dub.
    dub: Dub,
) -> impl IntoView {
    view! {
        {original(&dub)}
        <div class="notice">
            <div>
                <h2>{progress::heading(&dub)}</h2>
                <p>"The connection to the provider broke while the order was being sent. It may be running and may be charged. \
                    If it turns up, this page says so; it is not sent again by itself."</p>
            </div>
            <div class="actions"><Resubmit id=dub.id.clone()/><EditAgain dub/></div>
        </div>
    }
}
