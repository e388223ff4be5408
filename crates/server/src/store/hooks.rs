//! What the store knows of webhooks: which create a token was drawn for.

use async_trait::async_trait;
use contract::DubId;

use super::{CreateId, PredictionId, StoreError};
use crate::{clock::Moment, ids};

/// What the provider is told of a webhook, drawn with the intent of each create.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Stands in the path. The store keeps its hash alone.
    pub token: String,
    /// Comes with the call.
    pub secret: String,
}

impl Hook {
    /// Draws one.
    pub fn draw() -> Self {
        Self { token: ids::random_id(), secret: ids::random_id() }
    }

    /// What the store knows a token by.
    pub fn hash(token: &str) -> String {
        ids::sha256_hex(token.as_bytes())
    }
}

/// The create that a token was drawn for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hooked {
    /// The create.
    pub create: CreateId,
    /// The dub it was for.
    pub dub: DubId,
    /// What must come with the call.
    pub secret: String,
    /// Its prediction, where that is known and not lost from sight.
    pub known: Option<PredictionId>,
}

/// The part of the store that webhooks need.
#[async_trait]
pub trait HookStore: Send + Sync {
    /// The create of this token.
    async fn hooked(&self, token: &str) -> Result<Option<Hooked>, StoreError>;
    /// Makes a processing dub due for a look now. Nothing that an owner sees changes.
    async fn look_now(&self, id: &DubId, now: Moment) -> Result<(), StoreError>;
}
