//! What changes while the page is open: small `Copy` structs of signals over the model, made once in `app` and given to
//! every reader by context, by their own type.

pub mod clock;
pub mod connection;
pub mod library;
pub mod naming;
pub mod navigation;
pub mod session;
pub mod stream;
pub mod studio;
pub mod submit;
pub mod theme;
pub mod trash;
pub mod uploads;
pub mod watcher;

use leptos::prelude::{Effect, expect_context, provide_context};

pub use clock::Clock;
pub use connection::Connection;
pub use library::Library;
pub use navigation::Navigation;
pub use session::Session;
pub use stream::Stream;
pub use studio::Studio;
pub use theme::ThemeChoice;
pub use trash::Trash;
pub use uploads::Uploads;
pub use watcher::Watcher;

/// Everything, made before anyone reads it.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    clock: Clock,
    connection: Connection,
    library: Library,
    navigation: Navigation,
    session: Session,
    studio: Studio,
    theme: ThemeChoice,
    trash: Trash,
    uploads: Uploads,
    watcher: Watcher,
}

impl Page {
    /// Takes up what the browser has kept, begins to watch, and gives itself to every component below.
    pub fn start() {
        let (session, connection, watcher, clock) = (Session::new(), Connection::new(), Watcher::new(), Clock::start());
        let (navigation, theme, studio, library) =
            (Navigation::start(), ThemeChoice::start(), Studio::start(), Library::new());
        let uploads = Uploads::new(studio, session);
        let trash = Trash::new(watcher, library);
        provide_context(Self {
            clock,
            connection,
            library,
            navigation,
            session,
            studio,
            theme,
            trash,
            uploads,
            watcher,
        });
        trash.start();
        always(move || studio.forget_lost(watcher));
        uploads.start();
        watcher.start(session, connection, clock);
    }
}

/// A part of the [`Page`]: what a component may ask for.
pub trait Part {
    /// That part.
    fn of(page: &Page) -> Self;
}

macro_rules! parts {
    ($($field:ident: $part:ty),*) => {$(
        impl Part for $part {
            fn of(page: &Page) -> Self {
                page.$field
            }
        }
    )*};
}

parts! {
    clock: Clock,
    connection: Connection,
    library: Library,
    navigation: Navigation,
    session: Session,
    studio: Studio,
    theme: ThemeChoice,
    trash: Trash,
    uploads: Uploads,
    watcher: Watcher
}

/// The page's part of this type. One context for all of them: each would be code of its own.
pub fn given<T: Part>() -> T {
    T::of(&expect_context())
}

/// Does something to the world outside now, and whenever a signal it has read changes.
pub fn always(act: impl Fn() + 'static) {
    let act: Box<dyn Fn()> = Box::new(act);
    Effect::new(act);
}
