//! `GET /api/dubs`: the visitor's own dubs, newest first, a page at a time.

use std::sync::Arc;

use axum::{
    Json,
    extract::{RawQuery, State},
};
use contract::{
    DubPage, FieldCode, FieldError, Phase,
    limits::{DUBS_PER_PAGE, DUBS_PER_PAGE_MAX, URL_MAX_BYTES},
};
use url::form_urlencoded;

use super::App;
use crate::{
    error::ApiError,
    store::{Listed, Listing},
    visitor::Visitor,
};

/// Lists them.
///
/// # Errors
/// Every refused parameter at once.
pub async fn list(
    State(app): State<Arc<App>>,
    Visitor(owner): Visitor,
    RawQuery(query): RawQuery,
) -> Result<Json<DubPage>, ApiError> {
    let listing = listing(&query.unwrap_or_default()).map_err(ApiError::Invalid)?;
    let Listed { dubs, next } = app.store.list(&owner, &listing).await?;
    Ok(Json(DubPage { dubs, next_cursor: next.map(|cursor| cursor.to_string()) }))
}

fn listing(query: &str) -> Result<Listing, Vec<FieldError>> {
    let mut listing = Listing { limit: DUBS_PER_PAGE, ..Listing::default() };
    let mut errors = Vec::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let mut refuse = |code, detail: &str| {
            errors.push(FieldError { field: name.chars().take(80).collect(), code, detail: detail.into() });
        };
        match &*name {
            "cursor" => match value.parse() {
                Ok(cursor) => listing.cursor = Some(cursor),
                Err(_) => refuse(FieldCode::NotAllowed, "Take the next_cursor of the page before."),
            },
            "limit" => match value.parse() {
                Ok(limit) if (1..=DUBS_PER_PAGE_MAX).contains(&limit) => listing.limit = limit,
                _ => refuse(FieldCode::OutOfRange, "Choose a whole number from 1 to 100."),
            },
            "phase" => match Phase::from_name(&value) {
                Some(phase) => listing.phase = Some(phase),
                None => refuse(FieldCode::NotAllowed, "There is no such phase."),
            },
            "q" if value.len() > URL_MAX_BYTES => refuse(FieldCode::TooLong, "Nothing that long can be found."),
            "q" => listing.text = Some(value.trim().to_owned()).filter(|text| !text.is_empty()),
            _ => refuse(FieldCode::NotAllowed, "There is no such parameter."),
        }
    }
    if errors.is_empty() { Ok(listing) } else { Err(errors) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_is_understood() {
        let expected = Listing { cursor: Some(17), limit: 5, phase: Some(Phase::Failed), text: Some("día é".into()) };
        assert_eq!(listing("cursor=17&limit=5&phase=failed&q=d%C3%ADa+%C3%A9"), Ok(expected));
        assert_eq!(listing("q="), Ok(Listing { limit: DUBS_PER_PAGE, ..Listing::default() }));
    }

    #[test]
    fn what_is_not_understood_is_refused_all_at_once() {
        let errors = listing("cursor=x&limit=0&limit=101&phase=done&page=2").unwrap_err();
        let names: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(names, ["cursor", "limit", "limit", "phase", "page"]);
    }
}
