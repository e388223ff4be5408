//! What changes while the page is open: small `Copy` structs of signals over the model, made once in `app` and given to
//! every reader by context, by their own type.

pub mod clock;
pub mod connection;
pub mod library;
pub mod navigation;
pub mod session;
pub mod studio;
pub mod submit;
pub mod theme;
pub mod watcher;

use leptos::prelude::expect_context;

pub use clock::Clock;
pub use connection::Connection;
pub use library::Library;
pub use navigation::Navigation;
pub use session::Session;
pub use studio::Studio;
pub use theme::ThemeChoice;
pub use watcher::Watcher;

/// The page's one value of this type.
pub fn given<T: Clone + 'static>() -> T {
    expect_context::<T>()
}
