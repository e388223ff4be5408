//! Sending: every due track, new ones all at once; what was accepted stays accepted, and no loss of an answer pays twice.

use contract::{Code, Dub, DubId, FieldCode};
use leptos::prelude::*;

use super::{Session, Studio, Uploads, Watcher};
use crate::api::{self, ApiError};
use crate::browser::{clock, link, nap, page, random};
use crate::model::complaint::{Complaint, Place};
use crate::model::draft::{self, Order};

/// How often it is looked whether the uploads have arrived.
const LOOK_MS: i32 = 300;

/// What is said of a press that was forgotten.
const FORGOTTEN: &str =
    "Nothing was sent: the page was closed before the files had arrived. Press the button to send them now.";

/// Sends the draft's due tracks once their files have arrived, or goes to the first thing that keeps them from being sent.
/// Without a new press it goes on with one that a reload has cut off; one of long ago is forgotten, and that is told.
pub async fn submit(studio: Studio, session: Session, watcher: Watcher, uploads: Uploads, is_new: bool) {
    if studio.is_sending.get_untracked() {
        return;
    }
    let now_ms = clock::now_ms();
    let press = if is_new { draft::press(now_ms, &random::key()) } else { studio.press() };
    if press.is_empty() {
        return;
    }
    if !draft::is_fresh(&press, now_ms) {
        studio.set_press("");
        studio.complain(Place::Bar, FORGOTTEN);
        return page::focus_soon(Place::Bar.id());
    }
    take_boxes(studio, session);
    studio.is_sending.set(true);
    studio.is_waiting.set(true);
    studio.set_press(&press);
    // The visitor may think better of it, here or in another tab; that one may also have sent it.
    let is_wanted = || studio.press() == press;
    let mut is_refused = blame(studio, wrong(studio, session, uploads)) || !uploads.are_followed().await;
    while !is_refused && is_wanted() {
        if untrack(|| uploads.waited_for()).1.is_empty() {
            studio.is_waiting.set(false);
            send_all(studio, session, watcher, uploads, &press).await;
            break;
        }
        let _ = nap::pause(LOOK_MS).await;
        let wrong = wrong(studio, session, uploads);
        is_refused = is_wanted() && !wrong.is_empty() && blame(studio, wrong);
    }
    if is_wanted() {
        studio.set_press("");
    }
    studio.is_waiting.set(false);
    studio.is_sending.set(false);
}

/// Everything that keeps the due tracks from being sent and does not get better by waiting.
fn wrong(studio: Studio, session: Session, uploads: Uploads) -> Vec<Complaint> {
    let in_boxes = studio.complaints.get_untracked().into_iter().filter(|complaint| is_of_box(studio, complaint.place));
    let mut wrong: Vec<Complaint> = in_boxes.collect();
    let draft = studio.draft.with_untracked(|draft| draft.complaints(session.policy(), link::parse));
    for complaint in draft.into_iter().chain(untrack(|| uploads.waited_for()).0) {
        if wrong.iter().all(|known| known.place != complaint.place) {
            wrong.push(complaint);
        }
    }
    wrong
}

/// Links that were typed and not added are meant all the same.
fn take_boxes(studio: Studio, session: Session) {
    let (has_video, has_voice) = studio
        .draft
        .with_untracked(|draft| (draft.video.is_none() && !draft.video_box.is_empty(), !draft.voice_box.is_empty()));
    if has_video {
        studio.add_video(session);
    }
    if has_voice {
        studio.add_voice(session);
    }
}

fn is_of_box(studio: Studio, place: Place) -> bool {
    studio.draft.with_untracked(|draft| match place {
        Place::Video => !draft.video_box.is_empty(),
        Place::Voice => !draft.voice_box.is_empty(),
        _ => false,
    })
}

/// Shows what is wrong and goes there; tells whether anything is.
fn blame(studio: Studio, wrong: Vec<Complaint>) -> bool {
    let first = wrong.iter().min_by_key(|complaint| complaint.place.rank()).map(|complaint| complaint.place.id());
    studio.complaints.set(wrong);
    if let Some(id) = &first {
        page::focus(id);
    }
    first.is_some()
}

async fn send_all(studio: Studio, session: Session, watcher: Watcher, uploads: Uploads, press: &str) {
    let has_batches = session.has(|features| features.batches);
    let orders = studio.draft.try_update(|draft| draft.orders(press, has_batches)).unwrap_or_default();
    let mut is_first = true;
    for order in orders {
        match api::create(order.body.clone(), &order.key, order.tracks.len()).await {
            Ok(dubs) => {
                for (nth, dub) in dubs.into_iter().enumerate() {
                    accept(studio, watcher, &order.part(nth), dub);
                }
                if std::mem::take(&mut is_first) {
                    studio.draft.update(|draft| draft.selected = order.tracks.first().copied().unwrap_or_default());
                    page::reveal("stage");
                }
            }
            Err(error) => return fail(studio, uploads, &order, error),
        }
    }
}

fn accept(studio: Studio, watcher: Watcher, key: &str, dub: Dub) {
    let id = dub.id.clone();
    watcher.put(dub);
    studio.draft.update(|draft| draft.accept(key, id));
}

fn fail(studio: Studio, uploads: Uploads, order: &Order, error: ApiError) {
    let what = match order.tracks.as_slice() {
        [id] => studio.draft.with_untracked(|draft| Some(draft.track(*id)?.name() + " was not sent. ")),
        _ => Some("The dubs were not sent. ".to_owned()),
    };
    let (mut why, mut errors) = match error {
        ApiError::Lost => (
            "The connection was lost. Press the button again: what already arrived is not sent twice.".into(),
            Vec::new(),
        ),
        ApiError::Refused(problem) if problem.code == Code::IdempotencyMismatch => {
            studio.draft.update(|draft| draft.give_up(order));
            (
                "What was sent before has arrived and is in your library. Press the button to send this as well."
                    .into(),
                Vec::new(),
            )
        }
        ApiError::Refused(problem) => (problem.detail, problem.errors),
    };
    errors.retain(|error| {
        let is_gone = error.code == FieldCode::NoSuchUpload;
        let source = |draft: &draft::Draft| draft.source(Place::of_field(&error.field, &order.tracks)).key();
        if is_gone {
            uploads.retry(&studio.draft.with_untracked(source));
            why = "A file is not on the server any more and is sent again. Press the button again.".into();
        }
        !is_gone
    });
    let mut wrong: Vec<Complaint> = Complaint::of_errors(errors, &order.tracks).collect();
    wrong.push(Complaint::new(Place::Bar, what.unwrap_or_default() + &why));
    blame(studio, wrong);
}

/// Asks for a failed dub once more, as a new one. The key is made of the old id, so pressing twice makes one dub.
///
/// # Errors
/// As [`ApiError`].
pub async fn try_again(dub: &Dub, watcher: Watcher) -> Result<DubId, ApiError> {
    let answer = api::create(draft::body(&draft::again(dub)), &["again-", &dub.id.0].concat(), 1).await?;
    let new = answer.into_iter().next().ok_or(ApiError::Lost)?;
    let id = new.id.clone();
    watcher.put(new);
    Ok(id)
}

/// Sends an unconfirmed dub once more; its owner has accepted that it may be charged twice.
///
/// # Errors
/// As [`ApiError`].
pub async fn resubmit(id: &DubId, watcher: Watcher) -> Result<(), ApiError> {
    watcher.put(api::resubmit(&id.0).await?);
    Ok(())
}

/// Cancels a dub. One that is being made goes on until the provider has stopped it.
///
/// # Errors
/// As [`ApiError`].
pub async fn cancel(id: &DubId, watcher: Watcher) -> Result<(), ApiError> {
    let answer = api::cancel(&id.0).await;
    if answer.is_err() {
        watcher.doubt();
    }
    watcher.put(answer?);
    Ok(())
}
