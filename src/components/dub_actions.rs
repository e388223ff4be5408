//! What its owner can do about a dub that is over, or that nobody knows about.

use contract::{Dub, DubId};
use leptos::{prelude::*, task::spawn_local};

use super::button::button;
use super::element::{El, el, live, nothing};
use crate::api::ApiError;
use crate::model::route::Route;
use crate::state::{Navigation, Studio, Watcher, given, submit};

/// Called with a dub and the one that its second try has become.
pub type Again = fn(&DubId, DubId, Studio, Navigation);

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
                Ok(new) => again(&dub.id, new, studio, navigation),
                Err(ApiError::Lost) => drop(
                    refusal.try_set(Some("The connection was lost. Press again: it is not sent twice.".to_owned())),
                ),
                Err(ApiError::Refused(problem)) => drop(refusal.try_set(Some(problem.detail))),
            }
        });
    };
    el("div", "act").child(button("btn", "Try again", act)).child(refused(move || refusal.get()))
}

/// Sends an unconfirmed dub again, at its owner's risk. No key makes a repetition of this harmless: after a press, the
/// next one waits for an answer, or for the dub as the server has it by then.
pub fn resubmit(id: &DubId) -> El {
    let watcher = given::<Watcher>();
    let (id, refusal) = (id.clone(), RwSignal::new(None));
    let pressed_at = RwSignal::new(None);
    let is_held = move || pressed_at.get().is_some_and(|round| watcher.rounds() <= round);
    let act = move || {
        if untrack(is_held) {
            return;
        }
        // The round that is being asked now may have begun before the press; the one after it has not.
        pressed_at.set(Some(untrack(|| watcher.rounds()) + 1));
        refusal.set(None);
        let id = id.clone();
        spawn_local(async move {
            match submit::resubmit(&id, watcher).await {
                Ok(()) => {}
                Err(ApiError::Lost) => {
                    watcher.doubt();
                    refusal.try_set(Some(
                        "The connection was lost. Whether the order arrived shows here once the server answers."
                            .to_owned(),
                    ));
                }
                Err(ApiError::Refused(problem)) => {
                    refusal.try_set(Some(problem.detail));
                    pressed_at.try_set(None);
                }
            }
        });
    };
    let again = button("btn", "Try again, it may be charged twice", act)
        .follow("aria-disabled", move || is_held().then_some("true"));
    el("div", "act").child(again).child(refused(move || refusal.get()))
}

/// Why what was pressed was not done, once that is known.
pub fn refused(why: impl Fn() -> Option<String> + Send + 'static) -> AnyView {
    live(move || match why() {
        Some(detail) => el("p", "error").set("role", "alert").word(detail).into(),
        None => nothing(),
    })
}
