//! Server-sent events.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Event, EventTarget, MessageEvent};

/// What a stream has said, or [`BROKEN`].
#[derive(Debug, Clone)]
pub struct Word {
    /// The name of the event.
    pub name: String,
    /// The id that the stream last gave to an event.
    pub id: String,
    /// What it says.
    pub data: String,
}

/// The name of the event that says that a stream has ended or could not be opened.
pub const BROKEN: &str = "error";

/// What hears streams, one after another.
#[derive(Debug)]
pub struct Ear(Function);

impl Ear {
    /// Calls `hear` with each word.
    pub fn new(mut hear: impl FnMut(Word) + 'static) -> Self {
        let hear = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            let event: MessageEvent = event.unchecked_into();
            // What tells of a broken stream is a plain event, without these.
            let (id, data) = match event.data().as_string() {
                Some(data) => (event.last_event_id(), data),
                None => Default::default(),
            };
            hear(Word { name: event.type_(), id, data });
        });
        Self(hear.into_js_value().unchecked_into())
    }
}

/// An open stream: an `EventSource`, called by name, since two calls are all that is asked of it.
#[derive(Debug)]
pub struct Stream(EventTarget);

impl Stream {
    /// Opens the stream at `path`, and has these of its events heard.
    pub fn open(path: &str, events: &[&str], ear: &Ear) -> Option<Self> {
        let source: Function = Reflect::get(&super::window(), &"EventSource".into()).ok()?.dyn_into().ok()?;
        let source: EventTarget = Reflect::construct(&source, &Array::of1(&path.into())).ok()?.unchecked_into();
        for event in events.iter().chain(&[BROKEN]) {
            let _ = source.add_event_listener_with_callback(event, &ear.0);
        }
        Some(Self(source))
    }

    /// Closes it; nothing more is heard of it.
    pub fn close(self) {
        if let Ok(close) = Reflect::get(&self.0, &"close".into()) {
            let _ = close.unchecked_into::<Function>().call0(&self.0);
        }
    }
}
