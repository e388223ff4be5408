//! Says that the server does not answer, and when it is tried again.

use leptos::prelude::*;

use super::button::button;
use super::element::{El, bare, el, nothing};
use crate::state::{Connection, Session, given};

/// The notice under the bar. Its place is always there, so a screen reader hears what appears in it.
pub fn connection_notice() -> El {
    let (connection, session) = (given::<Connection>(), given::<Session>());
    // Before the first answer the whole page says it.
    let is_lost = Memo::new(move |_| session.with(|config| config.is_some()) && connection.retry_in_s().is_some());
    el("div", "connection")
        .set("role", "status")
        .live(move || if is_lost.get() { notice(connection).into() } else { nothing() })
}

fn notice(connection: Connection) -> El {
    let countdown = el("span", "num").set("aria-hidden", "true").says(move || countdown(connection));
    let words = bare("p").child(bare("b").text("Connection lost. ")).child(countdown);
    el("div", "notice").child(words).child(retry_now(connection))
}

/// Tries again at once.
pub fn retry_now(connection: Connection) -> El {
    button("btn", "Retry", move || connection.retry())
}

/// When the server is tried again, in words.
pub fn countdown(connection: Connection) -> String {
    match connection.retry_in_s().unwrap_or(0) {
        0 => "Trying again".to_owned(),
        left_s => ["Trying again in ", &left_s.to_string(), " s"].concat(),
    }
}
