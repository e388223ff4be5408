//! What the server says of itself.

use contract::{Config, Features, MediaPolicy, Mode};
use leptos::prelude::*;

use super::Connection;
use crate::api;

/// The server's configuration, once it has answered.
#[derive(Debug, Clone, Copy)]
pub struct Session {
    config: RwSignal<Option<Config>>,
}

impl Session {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self { config: RwSignal::new(None) }
    }

    /// Asks until there is an answer.
    pub async fn load(self, connection: Connection) {
        loop {
            if let Ok(config) = api::config().await {
                connection.found();
                self.config.set(Some(config));
                return;
            }
            connection.wait().await;
        }
    }

    /// Looks at the configuration.
    pub fn with<T>(self, look: impl FnOnce(Option<&Config>) -> T) -> T {
        self.config.with(|config| look(config.as_ref()))
    }

    /// Whether the server offers something beyond the basics. Until it has said, nothing is kept from the visitor.
    pub fn has(self, feature: fn(&Features) -> bool) -> bool {
        self.config.with_untracked(|config| config.as_ref().is_none_or(|config| feature(&config.features)))
    }

    /// Whether nothing that is done here is paid for.
    pub fn is_sandbox(self) -> bool {
        self.config.with_untracked(|config| config.as_ref().is_some_and(|config| config.mode == Mode::Sandbox))
    }

    /// Which links are taken. Until the server has said, the looser rule: it checks again.
    pub fn policy(self) -> MediaPolicy {
        self.config.with_untracked(|config| config.as_ref().map_or(Mode::Sandbox, |config| config.mode).media_policy())
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}
