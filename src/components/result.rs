//! A finished dub.

use contract::Dub;

use super::copy_link::copy_link;
use super::dub_actions::edit_again;
use super::dub_endings::delete;
use super::element::{El, bare, el};
use super::facts::facts;
use super::screen::screen;
use crate::model::progress;

/// The dub in a player, what can be done with it, what it took.
pub fn result(dub: &Dub) -> El {
    let panel = el("div", "panel");
    let panel = match &dub.output {
        Some(output) => {
            let name = ["Dub: ", &progress::name(dub)].concat();
            let href = output.url.clone() + "?download";
            let download = bare("a").set("class", "btn").put("href", href).set("download", "").text("Download");
            let actions = el("div", "actions").child(download).child(copy_link(&dub.id)).child(edit_again(dub));
            let actions = actions.child(delete("btn", dub));
            panel.child(screen(output.url.clone(), name)).child(actions)
        }
        None => panel,
    };
    panel.child(facts(dub))
}
