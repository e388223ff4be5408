//! Says that the server does not answer, and when it is tried again.

use leptos::prelude::*;

use crate::state::{Connection, given};

/// The notice under the bar. Its place is always there, so a screen reader hears what appears in it.
#[component]
pub fn ConnectionNotice(
    /// Whether this is the place to say it.
    #[prop(into)]
    is_shown: Signal<bool>,
) -> impl IntoView {
    let connection = given::<Connection>();
    let is_lost = Memo::new(move |_| is_shown.get() && connection.retry_in_s().is_some());
    let notice = move || {
        is_lost.get().then(|| {
            view! {
                <div class="notice">
                    <p><b>"Connection lost. "</b><span class="num" aria-hidden="true">{move || countdown(connection)}</span></p>
                    <RetryNow/>
                </div>
            }
        })
    };
    view! { <div class="connection" role="status">{notice}</div> }
}

/// Tries again at once.
#[component]
pub fn RetryNow() -> impl IntoView {
    let connection = given::<Connection>();
    view! { <button class="btn" type="button" on:click=move |_| connection.retry()>"Retry"</button> }
}

/// When the server is tried again, in words.
pub fn countdown(connection: Connection) -> String {
    match connection.retry_in_s().unwrap_or(0) {
        0 => "Trying again".to_owned(),
        left_s => ["Trying again in ", &left_s.to_string(), " s"].concat(),
    }
}
