//! Where the visitor is, and going elsewhere.

use leptos::prelude::*;

use crate::browser::{history, page};
use crate::model::route::Route;

/// The current route.
#[derive(Debug, Clone, Copy)]
pub struct Navigation {
    route: RwSignal<Route>,
}

impl Navigation {
    /// Starts where the address bar says, and follows back and forward.
    pub fn start() -> Self {
        let route = RwSignal::new(Route::parse(&history::path()));
        history::on_pop(move || {
            route.set(Route::parse(&history::path()));
            page::focus_quietly("main");
        });
        Self { route }
    }

    /// Whether the visitor is there now.
    pub fn is_at(self, route: &Route) -> bool {
        *self.route.read_untracked() == *route
    }

    /// Where the visitor is.
    pub fn route(self) -> Route {
        self.route.get()
    }

    /// Goes to a route, at its top, as a new entry of the history.
    pub fn go(self, route: Route) {
        if !self.is_at(&route) {
            history::push(&route.path());
            self.route.set(route);
        }
        page::scroll_to_top();
        page::focus_quietly("main");
    }
}
