//! Says that the server does not answer, and when it is tried again.

use leptos::prelude::*;

use super::button::button;
use crate::state::{Connection, Session, given};

/// The notice under the bar. Its place is always there, so a screen reader hears what appears in it.
#[component]
pub fn ConnectionNotice() -> impl IntoView {
    let (connection, session) = (given::<Connection>(), given::<Session>());
    // Before the first answer the whole page says it.
    let is_lost = Memo::new(move |_| session.with(|config| config.is_some()) && connection.retry_in_s().is_some());
    view! { <div class="connection" role="status">{move || is_lost.get().then(|| notice(connection))}</div> }
}

fn notice(connection: Connection) -> AnyView {
    view! {
        <div class="notice">
            <p><b>"Connection lost. "</b><span class="num" aria-hidden="true">{move || countdown(connection)}</span></p>
            <RetryNow/>
        </div>
    }
    .into_any()
}

/// Tries again at once.
#[component]
pub fn RetryNow() -> impl IntoView {
    let connection = given::<Connection>();
    button("btn", "Retry", move || connection.retry())
}

/// When the server is tried again, in words.
pub fn countdown(connection: Connection) -> String {
    match connection.retry_in_s().unwrap_or(0) {
        0 => "Trying again".to_owned(),
        left_s => ["Trying again in ", &left_s.to_string(), " s"].concat(),
    }
}
