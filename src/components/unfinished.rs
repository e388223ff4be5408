//! Dubs without a video: failed, ended, or of unknown fate.

use contract::{Dub, DubId};
use leptos::prelude::*;

use super::{
    dub_actions::{EditAgain, Resubmit, TryAgain},
    moving::original,
};
use crate::model::{progress, words};

/// What happened, what it cost, what to do.
///
/// `on_again` is called with the dub that a second try has become.
pub fn failed(dub: &Dub, on_again: Callback<DubId>) -> AnyView {
    let detail = dub.problem.as_ref().map_or("No reason was given.", |problem| &problem.detail);
    let cost = match dub.metrics.and_then(|metrics| metrics.cost_usd) {
        Some(cost) if cost > 0.0 => ["It cost ", &words::usd(cost), "."].concat(),
        Some(_) => "Nothing was charged.".to_owned(),
        None => "No cost was reported.".to_owned(),
    };
    let text = [detail, " ", &cost].concat();
    view! {
        {original(dub)}
        <div class="notice" data-tone="bad">
            <div><h2>{progress::heading(dub)}</h2><p>{text}</p></div>
            <div class="actions"><TryAgain dub=dub.clone() on_again/><EditAgain dub=dub.clone()/></div>
        </div>
    }
    .into_any()
}

/// Its owner ended it.
pub fn cancelled(dub: &Dub) -> AnyView {
    view! {
        {original(dub)}
        <div class="notice">
            <div><h2>{progress::heading(dub)}</h2></div>
            <div class="actions"><EditAgain dub=dub.clone()/></div>
        </div>
    }
    .into_any()
}

/// Why nobody knows, and the choice that only its owner can make.
pub fn unconfirmed(dub: &Dub) -> AnyView {
    view! {
        {original(dub)}
        <div class="notice">
            <div>
                <h2>{progress::heading(dub)}</h2>
                <p>"The connection to the provider broke while the order was being sent. It may be running and may be charged. \
                    If it turns up, this page says so; it is not sent again by itself."</p>
            </div>
            <div class="actions"><Resubmit id=dub.id.clone()/><EditAgain dub=dub.clone()/></div>
        </div>
    }
    .into_any()
}
