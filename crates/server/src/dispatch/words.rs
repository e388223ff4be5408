//! What an owner reads when a dub does not simply go on: plain words, with the provider's own only in quotation.

use contract::{Code, Field, Problem};

use crate::{clock::Moment, store::ShutReason};

pub(super) fn unconfirmed() -> Problem {
    Problem::new(
        Code::CreateUnconfirmed,
        "The dub was sent, but no answer came back. It may be running and may be billed, so it is not sent again unless \
         you say so.",
    )
}

pub(super) fn missing() -> Problem {
    Problem::new(
        Code::CreateUnconfirmed,
        "The dubbing service took the dub and then lost sight of it. It may have been billed, so it is not sent again \
         unless you say so.",
    )
}

pub(super) fn unreachable() -> Problem {
    Problem::new(
        Code::ProviderUnavailable,
        "The dubbing service cannot be reached right now. The dub stays in the queue and is sent when it can be.",
    )
}

/// Of either reason: it is the operator's business, and neither the visitor's fault nor theirs to mend.
pub(super) fn shut(_: ShutReason) -> Problem {
    Problem::new(
        Code::ProviderUnavailable,
        "The dubbing service takes no dubs from this site right now. The site\u{2019}s operator has been told and has to put that \
         right. Your dub waits in the queue and then goes on by itself; nothing was started.",
    )
}

pub(super) fn refused(reason: &str) -> Problem {
    Problem::new(
        Code::DubFailed,
        format!("The dubbing service did not take the dub. It says: \u{201c}{reason}\u{201d}. Nothing was started."),
    )
}

pub(super) fn failed(reason: Option<&str>) -> Problem {
    let detail = match reason {
        Some(reason) => format!("The dubbing service could not make the dub. It says: \u{201c}{reason}\u{201d}."),
        None => "The dubbing service could not make the dub, and gives no reason.".into(),
    };
    Problem::new(Code::DubFailed, detail)
}

pub(super) fn no_result() -> Problem {
    Problem::new(Code::ResultUnusable, "The dubbing service says that the dub is done, but gave no video.")
}

pub(super) fn unusable_result() -> Problem {
    Problem::new(Code::ResultUnusable, "The dub was made, but what came back is not a video that can be kept here.")
}

pub(super) fn lost_result() -> Problem {
    Problem::new(
        Code::ResultUnusable,
        "The dub was made, but its video could not be fetched, however often it was tried.",
    )
}

pub(super) fn result_expired(expires_at: Moment) -> Problem {
    let day = expires_at.day();
    Problem::new(Code::ResultGone, format!("The video was kept until {day} and is removed now."))
}

/// Of a result whose file is not where it was put.
pub fn result_missing() -> Problem {
    Problem::new(
        Code::ResultGone,
        "The video is missing from the server\u{2019}s storage. Should it turn up again, it is shown here.",
    )
}

pub(super) fn not_staged() -> Problem {
    Problem::new(
        Code::ProviderUnavailable,
        "The dub\u{2019}s files cannot be handed to the dubbing service right now. It is tried again until they are.",
    )
}

pub(super) fn own_storage() -> Problem {
    Problem::new(
        Code::NotReady,
        "The dub\u{2019}s files cannot be read here right now. It is tried again until they can.",
    )
}

pub(super) fn upload_gone(field: Field) -> Problem {
    let file = file(field);
    Problem::new(Code::DubFailed, format!("The {file} is no longer here. Choose it again. Nothing was started."))
}

pub(super) fn file_too_large(field: Field) -> Problem {
    let file = file(field);
    Problem::new(
        Code::TooLarge,
        format!("The {file} is larger than the dubbing service takes. Choose a smaller one. Nothing was started."),
    )
}

pub(super) fn file_refused(field: Field, reason: &str) -> Problem {
    let file = file(field);
    Problem::new(
        Code::DubFailed,
        format!("The dubbing service did not take the {file}. It says: \u{201c}{reason}\u{201d}. Nothing was started."),
    )
}

pub(super) fn file_not_taken(field: Field) -> Problem {
    let file = file(field);
    Problem::new(
        Code::DubFailed,
        format!("The dubbing service did not take the {file}, however often it was tried. Nothing was started."),
    )
}

/// What an owner calls the file of this input.
fn file(field: Field) -> &'static str {
    match field {
        Field::Audio => "voice file",
        Field::MaskImage => "mask file",
        _ => "video file",
    }
}
