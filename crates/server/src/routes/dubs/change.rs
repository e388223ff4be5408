//! What an owner can still decide about a dub that was asked for: to cancel it, to have it sent again, or to
//! delete it.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    http::StatusCode,
    response::Response,
};
use contract::{DubId, Phase, Resubmit};

use super::{App, accepted, body};
use crate::{
    clock::Moment,
    error::ApiError,
    store::{Cancelling, Resubmitted},
    visitor::Visitor,
};

/// `POST /api/dubs/{id}/cancel`: cancelled at once where nothing of it runs; else as soon as the provider has spoken, if its
/// result is not there before. Asking again changes nothing.
///
/// # Errors
/// Not found, unless the visitor owns it; a conflict, when there is nothing left to cancel.
pub async fn cancel(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    Path(id): Path<String>,
) -> Result<Response, ApiError> {
    let id = DubId(id);
    match app.store.cancel(&owner, &id, Moment::now()).await? {
        Cancelling::Taken(stored) => {
            tracing::info!(dub = %id, phase = stored.dub.phase.as_str(), "cancelled by its owner");
            app.waker.cancelled();
            Ok(accepted(stored))
        }
        Cancelling::TooLate(Phase::Failed) => Err(ApiError::Conflict("The dub has failed: nothing of it runs.")),
        Cancelling::TooLate(_) => Err(ApiError::Conflict("The dub is made already: there is nothing left to cancel.")),
        Cancelling::NotFound => Err(ApiError::NotFound),
    }
}

/// `POST /api/dubs/{id}/resubmit`: a second create for an unconfirmed dub, which its owner agrees to pay for.
///
/// # Errors
/// Not found, unless the visitor owns it; a conflict, unless it is unconfirmed and the second charge accepted.
pub async fn resubmit(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let Resubmit { accept_second_charge } = body::resubmit(body::read_json(request).await?.value)?;
    let id = DubId(id);
    if !accept_second_charge {
        app.store.dub(&owner, &id).await?.ok_or(ApiError::NotFound)?;
        return Err(ApiError::Conflict("A second charge must be accepted: the first create may be billed as well."));
    }
    match app.store.resubmit(&owner, &id, Moment::now()).await? {
        Resubmitted::Queued(stored) => {
            tracing::info!(dub = %id, "queued again by its owner");
            app.waker.wake();
            Ok(accepted(stored))
        }
        Resubmitted::NotUnconfirmed(_) => Err(ApiError::Conflict("Only an unconfirmed dub can be sent again.")),
        Resubmitted::NotFound => Err(ApiError::NotFound),
    }
}

/// `DELETE /api/dubs/{id}`: gone for its owner at once, in any phase; what runs of it is cancelled as by [`cancel`]. Its result
/// here and its files at the provider are removed as soon as nothing needs them. The provider offers no way to remove what
/// it has made.
///
/// # Errors
/// Not found, unless the visitor owns it.
pub async fn delete(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    let id = DubId(id);
    if !app.store.delete(&owner, &id, Moment::now()).await? {
        return Err(ApiError::NotFound);
    }
    tracing::info!(dub = %id, "deleted by its owner");
    app.waker.deleted();
    Ok(StatusCode::NO_CONTENT)
}
