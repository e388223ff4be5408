//! How far a file has come on its way to the server, and what can be done about it.

use leptos::prelude::*;

use super::button::button;
use super::drop_zone::file_button;
use super::element::{El, bare, el, live, nothing};
use crate::browser::workbench::seam::Progress;
use crate::model::complaint::Place;
use crate::model::upload::{FINISHED, LOST, MOVING, UNFIT};
use crate::state::{Studio, Uploads, given};

/// The line under a file. Once the file has arrived there is none.
pub fn upload_line(key: String, place: Place, name: String, on_cancel: fn(Studio, Place)) -> AnyView {
    let (uploads, studio) = (given::<Uploads>(), given::<Studio>());
    let known = key.clone();
    // Only what is drawn anew; the words in it follow by themselves.
    let seen = Memo::new(move |_| uploads.read(&known, |row| row.face.clone()).unwrap_or_default());
    live(move || match seen.get().as_str() {
        "" | FINISHED => nothing(),
        MOVING => moving(uploads, &key, &name, move || on_cancel(studio, place)).into(),
        LOST => {
            let why = bare("span").text("This browser did not keep the file. Choose it again to go on.");
            let again = file_button("btn", "Choose", ["Choose ", &name, " again"].concat(), place);
            el("div", "note upload").set("role", "status").child(why).child(again).into()
        }
        why => {
            let words = why.trim_start_matches(UNFIT).to_owned();
            let error = el("div", "error upload").set("role", "alert").child(bare("span").word(words));
            // The same one again would not do.
            if untrack(|| uploads.is_unusable(place, why)) {
                return error.into();
            }
            let key = key.clone();
            let again = move || {
                studio.forgive(place);
                uploads.retry(&key);
            };
            error.child(button("btn", "Try again", again)).into()
        }
    })
}

fn moving(uploads: Uploads, key: &str, name: &str, on_cancel: impl Fn() + 'static) -> El {
    let read = |look: fn(&Progress) -> String| {
        let key = key.to_owned();
        move || uploads.read(&key, look).unwrap_or_default()
    };
    let percent = read(|row| row.percent.clone());
    let bar = el("span", "meter")
        .set("role", "progressbar")
        .put("aria-label", ["Upload of ", name].concat())
        .follow("aria-valuenow", move || Some(percent()))
        .style("--done", read(|row| row.percent.clone() + "%"));
    let cancel = button("btn quiet", "Cancel", on_cancel).put("aria-label", ["Cancel the upload of ", name].concat());
    el("div", "upload").child(bar).child(el("small", "num").says(read(|row| row.words.clone()))).child(cancel)
}
