//! The frame of a dialog, and its life: opened, closed with something kept or without, gone.

use leptos::mount::mount_to;
use leptos::prelude::*;

use crate::browser::{dialog, nap::Nap};
use crate::components::button::blank_button;
use crate::components::element::{El, bare, el};
use crate::components::icon::icon;

const ID: &str = "workbench-dialog";
const HEADING: &str = "workbench-heading";

/// Ends the dialog that it was made for.
#[derive(Debug)]
pub(super) struct Closer<T: 'static> {
    kept: StoredValue<Option<T>, LocalStorage>,
}

impl<T> Clone for Closer<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Closer<T> {}

impl<T> Closer<T> {
    /// Closes the dialog and keeps this.
    pub(super) fn keep(self, value: T) {
        self.kept.set_value(Some(value));
        dialog::close(ID);
    }
}

/// Closes the dialog and keeps nothing, as Escape does.
pub(super) fn dismiss() {
    dialog::close(ID);
}

/// Opens a dialog with this heading and what `body` makes; comes back when it is closed, with what was kept. There is one
/// at a time.
pub(super) async fn open<T: 'static>(
    heading: &'static str,
    class: &'static str,
    body: impl FnOnce(Closer<T>) -> El + 'static,
) -> Option<T> {
    if dialog::is_there(ID) {
        return None;
    }
    let owner = Owner::new();
    let (closer, end) = owner.with(|| (Closer { kept: StoredValue::new_local(None) }, Nap::new()));
    let ground = dialog::ground()?;
    let shown = mount_to(ground.clone(), move || AnyView::from(frame(heading, class, end, body(closer))));
    let asleep = end.sleep(None);
    dialog::show(ID);
    let _ = asleep.await;
    let kept = closer.kept.try_update_value(Option::take).flatten();
    drop(shown);
    ground.remove();
    kept
}

fn frame(heading: &'static str, class: &'static str, end: Nap, body: El) -> El {
    let close = blank_button("btn quiet round", dismiss).set("aria-label", "Close").child(icon("remove"));
    let header = bare("header").child(bare("h2").set("id", HEADING).text(heading)).child(close);
    el("dialog", class)
        .set("id", ID)
        .set("aria-labelledby", HEADING)
        .on("close", move |_| end.wake())
        .child(header)
        .child(body)
}
