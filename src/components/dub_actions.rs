//! What its owner can do about a dub that is over, or that nobody knows about.

use contract::{Dub, DubId};
use leptos::{prelude::*, task::spawn_local};

use super::button::button;
use super::element::{El, el, live, nothing};
use crate::api::ApiError;
use crate::model::route::Route;
use crate::state::{Navigation, Studio, Watcher, given, submit};

/// Called with the dub that a second try has become.
pub type Again = fn(DubId, Studio, Navigation);

/// Fills the studio with what the dub was made from, and goes there.
pub fn edit_again(dub: &Dub) -> El {
    let (studio, navigation, dub) = (given::<Studio>(), given::<Navigation>(), dub.clone());
    button("btn", "Edit and dub again", move || {
        studio.edit(&dub);
        navigation.go(Route::Studio);
    })
}

/// Makes the same dub once more.
pub fn try_again(dub: &Dub, again: Again) -> El {
    let (studio, navigation, watcher) = (given::<Studio>(), given::<Navigation>(), given::<Watcher>());
    let (dub, refusal) = (dub.clone(), RwSignal::new(None));
    let act = move || {
        let dub = dub.clone();
        spawn_local(async move {
            match submit::try_again(&dub, watcher).await {
                Ok(id) => again(id, studio, navigation),
                Err(error) => drop(refusal.try_set(Some(words(error)))),
            }
        });
    };
    el("div", "act").child(button("btn", "Try again", act)).child(refused(refusal))
}

/// Sends an unconfirmed dub again, at its owner's risk.
pub fn resubmit(id: &DubId) -> El {
    let watcher = given::<Watcher>();
    let (id, refusal) = (id.clone(), RwSignal::new(None));
    let act = move || {
        let id = id.clone();
        spawn_local(async move {
            if let Err(error) = submit::resubmit(&id, watcher).await {
                refusal.try_set(Some(words(error)));
            }
        });
    };
    el("div", "act").child(button("btn", "Try again, it may be charged twice", act)).child(refused(refusal))
}

fn words(error: ApiError) -> String {
    match error {
        ApiError::Lost => "The connection was lost. Press again: it is not sent twice.".to_owned(),
        ApiError::Refused(problem) => problem.detail,
    }
}

fn refused(refusal: RwSignal<Option<String>>) -> AnyView {
    live(move || match refusal.get() {
        Some(detail) => el("p", "error").set("role", "alert").word(detail).into(),
        None => nothing(),
    })
}
