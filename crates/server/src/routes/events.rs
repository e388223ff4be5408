//! `GET /api/events` and `GET /api/dubs/{id}/events`: dubs as they change, as server-sent events.
//!
//! An event's id is the number of the change, so that a browser which was cut off goes on by its `Last-Event-ID`, and a page
//! that opens a new stream by `?since=`. The place in the queue has none: it is told again whenever it matters.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{
        IntoResponse as _, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use contract::{
    DubId, Gone,
    routes::{ALIVE_EVENT, DUB_EVENT, GONE_EVENT},
};
use futures_util::{StreamExt as _, stream};
use serde::Deserialize;

use super::{
    App,
    streams::{Of, Place},
};
use crate::{
    clock::Moment,
    error::ApiError,
    events::{self, Told},
    store::{Change, Scope, StoreError, StoredDub},
    telemetry,
    visitor::Visitor,
};

/// How often a stream without news says that it is still there: sooner than proxies take it for dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often places in the queue are told again at most.
const PLACES_EVERY: Duration = Duration::from_secs(2);
/// When a browser that was cut off comes back.
const RETRY: Duration = Duration::from_secs(2);

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What a page that opens a new stream knows: script cannot set the header of those that a browser opens again.
#[derive(Debug, Deserialize)]
pub struct Asked {
    since: Option<String>,
}

/// All dubs of the visitor, in one stream.
///
/// # Errors
/// Too many streams.
pub async fn all(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let place = app.streams.enter(&owner, Of::AllDubs)?;
    // The header is the newer word: it is that of a stream which has told something since it was opened.
    let known = known(&headers).or_else(|| asked.since.as_deref().and_then(number));
    Ok(stream(&app, Scope { owner, dub: None }, known, place))
}

/// One dub, until it is final or deleted. Who knows that already gets 204, upon which a browser does not come back.
///
/// # Errors
/// Not found, unless the visitor owns it; too many streams.
pub async fn one(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (id, known) = (DubId(id), known(&headers));
    let StoredDub { dub, change, .. } = app.store.dub(&owner, &id).await?.ok_or(ApiError::NotFound)?;
    if dub.phase.is_final() && known == Some(change) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    // Of one dub there is no more to tell than how it stands: a number after its newest change leaves nothing out.
    let known = known.filter(|known| *known <= change);
    let place = app.streams.enter(&owner, Of::OneDub)?;
    Ok(stream(&app, Scope { owner, dub: Some(id) }, known, place))
}

/// What the browser says that it knows.
fn known(headers: &HeaderMap) -> Option<Change> {
    number(headers.get(LAST_EVENT_ID)?.to_str().ok()?)
}

fn number(text: &str) -> Option<Change> {
    text.parse().ok().filter(|number| *number >= 0).map(Change)
}

fn stream(app: &App, scope: Scope, known: Option<Change>, place: Place) -> Response {
    // An event at once, and whenever there is nothing else to tell: a page hears of comments nothing, and takes a stream for
    // one that is kept from it on the way where it hears nothing.
    let alive = Event::default().event(ALIVE_EVENT);
    let hello = stream::iter([Ok(alive.clone().data(Moment::now().0.to_string()).retry(RETRY))]);
    let told = events::watch(app.store.clone(), scope, known, PLACES_EVERY);
    let told = told.filter_map(|told| std::future::ready(event(told).map(Ok::<_, Infallible>)));
    let until = app.shutdown.clone().cancelled_owned();
    let events = hello.chain(told).take_until(until).map(move |event| {
        let _held = &place; // given back with the stream
        event
    });
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store, no-transform")),
        // nginx collects answers unless it is told not to.
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    (headers, Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE).event(alive.data("-")))).into_response()
}

/// A stream that cannot go on ends; the browser comes back and goes on there.
fn event(told: Result<Told, StoreError>) -> Option<Event> {
    let event = match told {
        Ok(Told::Changed(change, dub)) => Event::default().id(change.0.to_string()).event(DUB_EVENT).json_data(&dub),
        Ok(Told::Gone(change, dub)) => {
            Event::default().id(change.0.to_string()).event(GONE_EVENT).json_data(Gone { id: dub })
        }
        Ok(Told::Moved(dub)) => Event::default().event(DUB_EVENT).json_data(&dub),
        Err(error) => {
            tracing::error!(error = telemetry::chain(&error), "a stream of events was cut off");
            return None;
        }
    };
    event.inspect_err(|error| tracing::error!(error = telemetry::chain(error), "a dub could not be written")).ok()
}
