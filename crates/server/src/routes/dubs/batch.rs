//! `POST /api/batches`: one video, many voices; all of the dubs are on disk before the 202 is given, or none is.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use contract::limits::BATCH_TRACKS_MAX;

use super::{App, batch_body, body, create::parse_url, keyed, to_insert, uploads};
use crate::{
    clock::Moment,
    dispatch::Estimates,
    error::ApiError,
    ids,
    store::{BatchToInsert, InsertedBatch, Owner},
    visitor::KnownVisitor,
};

/// Room for what a dub may say, and for the longest link and label of each voice.
const MAX_BYTES: usize = body::MAX_BYTES + BATCH_TRACKS_MAX * 4096;

/// Takes a batch in.
///
/// # Errors
/// Every refused field at once, those of a track by its path, or that nobody could find the dubs again; nothing is stored then.
pub async fn create(
    State(app): State<Arc<App>>,
    KnownVisitor(owner): KnownVisitor,
    request: Request,
) -> Result<Response, ApiError> {
    let (key, body) = keyed::read(MAX_BYTES, request).await?;
    // What was promised once stays so, even where the files that it was made from are gone.
    if let Ok(Some(request)) = &key
        && let Some(known) = app.store.repeated_batch(&owner, request).await?
    {
        return answer(&app, known);
    }
    let mut wish = batch_body::wish(body)?;
    refuse_uploads(&app, &owner, &mut wish).await?;
    let valid = wish.validate(app.config.mode.media_policy(), parse_url);
    let (idempotency, dubs) = keyed::both(key, valid)?;
    let resolution = dubs.first().map(|dub| dub.resolution).unwrap_or_default();
    let estimates = Estimates::read(&*app.store, resolution, app.config.estimate_s).await?;
    let mut all = Vec::with_capacity(dubs.len());
    for dub in dubs {
        let voice_ms = uploads::voice_ms(&*app.store, &owner, &dub.audio).await?;
        all.push(to_insert(dub, owner.clone(), estimates.of(voice_ms)));
    }
    let batch = BatchToInsert { id: ids::random_id(), owner, dubs: all, idempotency };
    answer(&app, app.store.insert_batch(batch, Moment::now()).await?)
}

async fn refuse_uploads(app: &App, owner: &Owner, wish: &mut batch_body::BatchWish) -> Result<(), ApiError> {
    let max_bytes = app.uploads.limits().max_bytes;
    let found = uploads::refused(&*app.store, owner, wish.common.uploads(), max_bytes).await?;
    wish.common.refuse(found);
    for (_, track) in &mut wish.tracks {
        let found = uploads::refused(&*app.store, owner, track.uploads(), max_bytes).await?;
        track.refuse(found);
    }
    Ok(())
}

fn answer(app: &App, inserted: InsertedBatch) -> Result<Response, ApiError> {
    let batch = match inserted {
        InsertedBatch::New(batch) => {
            tracing::info!(batch = batch.id, dubs = batch.dubs.len(), "accepted");
            app.waker.wake();
            batch
        }
        InsertedBatch::Known(batch) => batch,
        InsertedBatch::Mismatch => return Err(ApiError::IdempotencyMismatch),
        InsertedBatch::UploadMissing => {
            return Err(ApiError::Conflict("A file of this batch has just been removed. Upload it again."));
        }
    };
    Ok((StatusCode::ACCEPTED, Json(batch)).into_response())
}
