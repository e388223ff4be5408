//! Light, dark or the system's, on the page and in the browser's memory.

use leptos::prelude::*;

use crate::browser::{storage, theme};
use crate::model::theme::Theme;

/// What the visitor chose.
#[derive(Debug, Clone, Copy)]
pub struct ThemeChoice {
    theme: RwSignal<Theme>,
}

impl ThemeChoice {
    /// Takes the kept choice up and follows the system from now on.
    pub fn start() -> Self {
        let theme = Theme::from_name(&storage::read(storage::THEME).unwrap_or_default());
        let choice = Self { theme: RwSignal::new(theme) };
        theme::on_system_change(move || choice.apply());
        choice
    }

    /// The choice.
    pub fn theme(self) -> Theme {
        self.theme.get()
    }

    /// Goes on to the next one.
    pub fn turn(self) {
        self.theme.update(|theme| *theme = theme.next());
        storage::write(storage::THEME, self.theme.get_untracked().as_str());
        self.apply();
    }

    fn apply(self) {
        theme::apply(self.theme.get_untracked().is_dark(theme::is_system_dark()));
    }
}
