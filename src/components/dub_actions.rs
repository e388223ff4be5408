//! What its owner can do about a dub that is over, or that nobody knows about.

use contract::{Dub, DubId};
use leptos::{prelude::*, task::spawn_local};

use super::button::button;
use crate::api::ApiError;
use crate::model::route::Route;
use crate::state::{Navigation, Studio, Watcher, given, submit};

/// Fills the studio with what the dub was made from, and goes there.
#[component]
pub fn EditAgain(
    /// The dub.
    dub: Dub,
) -> impl IntoView {
    let (studio, navigation) = (given::<Studio>(), given::<Navigation>());
    button("btn", "Edit and dub again", move || {
        studio.edit(&dub);
        navigation.go(Route::Studio);
    })
}

/// Makes the same dub once more.
#[component]
pub fn TryAgain(
    /// The dub.
    dub: Dub,
    /// Called with the new one.
    on_again: Callback<DubId>,
) -> impl IntoView {
    let watcher = given::<Watcher>();
    let refusal = RwSignal::new(None);
    let again = button("btn", "Try again", move || {
        let dub = dub.clone();
        spawn_local(async move {
            match submit::try_again(&dub, watcher).await {
                Ok(id) => drop(on_again.try_run(id)),
                Err(error) => drop(refusal.try_set(Some(words(error)))),
            }
        });
    });
    view! { {again}{move || refused(refusal.get())} }
}

/// Sends an unconfirmed dub again, at its owner's risk.
#[component]
pub fn Resubmit(
    /// The dub.
    id: DubId,
) -> impl IntoView {
    let watcher = given::<Watcher>();
    let refusal = RwSignal::new(None);
    let resubmit = button("btn", "Try again, it may be charged twice", move || {
        let id = id.clone();
        spawn_local(async move {
            if let Err(error) = submit::resubmit(&id, watcher).await {
                refusal.try_set(Some(words(error)));
            }
        });
    });
    view! {
        {resubmit}
        {move || refused(refusal.get())}
    }
}

fn words(error: ApiError) -> String {
    match error {
        ApiError::Lost => "The connection was lost. Press again: it is not sent twice.".to_owned(),
        ApiError::Refused(problem) => problem.detail,
    }
}

fn refused(detail: Option<String>) -> Option<AnyView> {
    detail.map(|detail| view! { <p class="error" role="alert">{detail}</p> }.into_any())
}
