//! The frame of a dialog, and its life: opened, closed with something kept or without, gone. What would be lost by closing
//! it is asked for first.

use std::cell::RefCell;

use leptos::ev::Event;
use leptos::mount::mount_to;
use leptos::prelude::*;

use crate::browser::{dialog, event, listen, nap::Nap, page};
use crate::components::button::{blank_button, button};
use crate::components::element::{El, bare, el, nothing};
use crate::components::icon::icon;

const ID: &str = "workbench-dialog";
const HEADING: &str = "workbench-heading";
const BACK: &str = "workbench-back";

/// What the open dialog would lose by being closed.
struct Stake {
    would_lose: Box<dyn Fn() -> bool>,
    /// Whether the visitor is being asked.
    is_asked: RwSignal<bool>,
}

thread_local! {
    static STAKE: RefCell<Option<Stake>> = const { RefCell::new(None) };
    static IS_WATCHED: RefCell<bool> = const { RefCell::new(false) };
}

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

/// Closes the dialog and keeps nothing, as Escape does; asks first where something would be lost.
pub(super) fn dismiss() {
    if would_lose() {
        ask(true);
        page::focus_soon(BACK.to_owned());
    } else {
        dialog::close(ID);
    }
}

/// Whether one is open.
pub(super) fn is_open() -> bool {
    dialog::is_there(ID)
}

/// Opens a dialog with this heading and what `body` makes; comes back when it is closed, with what was kept. There is one
/// at a time. `would_lose` tells whether there is anything in it by now that its closing would lose.
pub(super) async fn open<T: 'static, L: Fn() -> bool + 'static>(
    heading: &'static str,
    class: &'static str,
    body: impl FnOnce(Closer<T>) -> (El, L) + 'static,
) -> Option<T> {
    if is_open() {
        return None;
    }
    if !IS_WATCHED.replace(true) {
        listen::on_leave(would_lose);
    }
    let owner = Owner::new();
    let (closer, end, is_asked) =
        owner.with(|| (Closer { kept: StoredValue::new_local(None) }, Nap::new(), RwSignal::new(false)));
    let ground = dialog::ground()?;
    let shown = mount_to(ground.clone(), move || {
        let (body, would_lose) = body(closer);
        STAKE.set(Some(Stake { would_lose: Box::new(would_lose), is_asked }));
        AnyView::from(frame(heading, class, end, is_asked, body))
    });
    let asleep = end.sleep(None);
    dialog::show(ID);
    let _ = asleep.await;
    STAKE.set(None);
    let kept = closer.kept.try_update_value(Option::take).flatten();
    drop(shown);
    ground.remove();
    kept
}

fn would_lose() -> bool {
    STAKE.with_borrow(|stake| stake.as_ref().is_some_and(|stake| (stake.would_lose)()))
}

/// Asks whether what would be lost is to be discarded, or takes the question back.
fn ask(is_asked: bool) {
    if let Some(signal) = STAKE.with_borrow(|stake| stake.as_ref().map(|stake| stake.is_asked)) {
        signal.set(is_asked);
    }
}

fn frame(heading: &'static str, class: &'static str, end: Nap, is_asked: RwSignal<bool>, body: El) -> El {
    let close = blank_button("btn quiet round", dismiss).set("aria-label", "Close").child(icon("remove"));
    let header = bare("header").child(bare("h2").set("id", HEADING).text(heading)).child(close);
    let leave = move |event: &Event| {
        event.prevent_default();
        if is_asked.get_untracked() { ask(false) } else { dismiss() }
    };
    el("dialog", class)
        .set("id", ID)
        .set("aria-labelledby", HEADING)
        .on("close", move |_| end.wake())
        // Escape, seen as a key: a browser may close a dialog at the second `cancel`, whatever the first was answered.
        .on("keydown", move |event| {
            if event::key(&event) == "Escape" {
                leave(&event);
            }
        })
        .on("cancel", move |event| leave(&event))
        .child(header)
        .live(move || if is_asked.get() { question().into() } else { nothing() })
        .child(body)
}

fn question() -> El {
    let actions = el("div", "actions")
        .child(button("btn", "Discard", || dialog::close(ID)))
        .child(button("btn", "Back", || ask(false)).set("id", BACK));
    let notice = el("div", "notice").set("role", "alert").child(bare("p").text("This is not saved yet. Discard it?"));
    bare("div").child(notice.child(actions))
}
