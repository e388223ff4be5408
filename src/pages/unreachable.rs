//! When the server has not answered even once.

use leptos::prelude::*;

use crate::components::connection_notice::{RetryNow, countdown};
use crate::components::title::title;
use crate::state::{Connection, given};

/// Counts down to the next trial.
#[component]
pub fn Unreachable() -> impl IntoView {
    let connection = given::<Connection>();
    title(|| "Connection lost".to_owned());
    view! {
        <div class="blank">
            <h1 role="status">"Connection lost"</h1>
            <p>"The server does not answer. Your draft is safe in this browser."</p>
            <p class="num">{move || countdown(connection)}</p>
            <p class="actions"><RetryNow/></p>
        </div>
    }
}
