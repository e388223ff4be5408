//! When the server has not answered even once.

use crate::components::connection_notice::{countdown, retry_now};
use crate::components::element::{El, bare, el};
use crate::components::title::title;
use crate::state::{Connection, given};

/// Counts down to the next trial.
pub fn unreachable() -> El {
    let connection = given::<Connection>();
    title(|| "Connection lost".to_owned());
    el("div", "blank")
        .child(bare("div").set("role", "status").child(bare("h1").text("Connection lost")))
        .child(bare("p").text("The server does not answer. Your draft is safe in this browser."))
        .child(el("p", "num").says(move || countdown(connection)))
        .child(el("p", "actions").child(retry_now(connection)))
}
