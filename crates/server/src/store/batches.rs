//! Batches: dubs that were asked for together, taken all or none.

use async_trait::async_trait;
use contract::Batch;

use super::{DubToInsert, Idempotency, Owner, StoreError};
use crate::clock::Moment;

/// A batch to be accepted.
#[derive(Debug, Clone)]
pub struct BatchToInsert {
    /// Its id, newly drawn.
    pub id: String,
    /// Whose it is.
    pub owner: Owner,
    /// Its dubs, without keys of their own.
    pub dubs: Vec<DubToInsert>,
    /// The key its owner gave the request, and the hash of the request's body.
    pub idempotency: Option<Idempotency>,
}

/// What became of a [`BatchToInsert`].
#[derive(Debug, Clone, PartialEq)]
pub enum InsertedBatch {
    /// All of it is on disk now.
    New(Batch),
    /// The same request was accepted before, as this batch.
    Known(Batch),
    /// The key was used before, with another body.
    Mismatch,
    /// An upload that a dub names is not its owner's, not whole, or gone: nothing was stored.
    UploadMissing,
}

/// The durable state of batches. Every method is one transaction.
#[async_trait]
pub trait BatchStore: Send + Sync + 'static {
    /// Accepts all dubs of a batch, or none: unless the same request was accepted before or an upload is not there.
    async fn insert_batch(&self, batch: BatchToInsert, now: Moment) -> Result<InsertedBatch, StoreError>;
    /// What became of this request if it came before: [`InsertedBatch::Known`] or [`InsertedBatch::Mismatch`].
    async fn repeated_batch(&self, owner: &Owner, request: &Idempotency) -> Result<Option<InsertedBatch>, StoreError>;
}
