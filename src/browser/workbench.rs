//! The workbench, as the page sees it: what only some visits need, in a wasm of its own that is loaded when it is first
//! asked for. What the two say to each other is [`seam`]'s.

pub mod seam;
pub mod serve;

use std::cell::{Cell, RefCell};

use contract::{UploadKind, UploadLimits};
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
pub use web_sys::Blob;
use web_sys::Element;

use crate::model::look::{Facts, Kind, LookError, Unavailable};
use seam::{Job, Named, Progress};

/// What can be looked into.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A file, or any bytes.
    File(Blob),
    /// What a link leads to.
    Link(String),
}

/// What was found inside.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// What it is.
    pub facts: Facts,
    /// A video's first frame at its own size, as JPEG; `None` for a voice, and where the link's other side does not allow it.
    pub frame: Option<Blob>,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// A WAV file: mono, 16 bits.
    pub blob: Blob,
    /// Its length.
    pub duration_ms: i64,
}

/// Looks into a file or behind a link, with this browser's own means.
///
/// # Errors
/// Why nothing was found.
pub async fn look_into(source: &Source, kind: Kind) -> Result<Look, LookError> {
    let (job, read): (_, fn(&JsValue) -> _) = match kind {
        Kind::Video => (Job::LookAsVideo, seam::read_video),
        Kind::Voice => (Job::LookAsVoice, seam::read_voice),
    };
    read(&call(job, &seam::write_source(source), &JsValue::NULL).await.map_err(LookError::Unavailable)?)
}

/// Opens the recorder; comes back when it is closed, with what was kept.
///
/// # Errors
/// It could not be loaded.
pub async fn record() -> Result<Option<Recording>, Unavailable> {
    call(Job::Record, &JsValue::NULL, &JsValue::NULL).await.map(|answer| seam::read_recording(&answer))
}

/// Opens the dialog in which a mask is painted over `frame`, going on from the one at the address `kept`, if any; comes back
/// when it is closed, with the mask as PNG if one was saved.
///
/// # Errors
/// It could not be loaded.
pub async fn paint(frame: &Blob, kept: &str) -> Result<Option<Blob>, Unavailable> {
    call(Job::Paint, frame, &kept.into()).await.map(seam::read_blob)
}

/// Which of the files of `list` are taken for what is `wanted`, and why not the others. Their bytes stay in the workbench.
///
/// # Errors
/// It could not be loaded.
pub async fn sort(
    list: &Array,
    wanted: Option<UploadKind>,
    limits: UploadLimits,
    room: usize,
) -> Result<(Vec<Named>, String), Unavailable> {
    call(Job::Sort, list, &seam::write_room(wanted, limits, room)).await.map(|answer| seam::read_sorted(&answer))
}

/// Sends the draft's files, and ends what is sent of others. `told` is called with the progress of each; a mask that does
/// not fit a video of the size `frame` is refused.
///
/// # Errors
/// It could not be loaded.
pub async fn send(files: Vec<Named>, frame: (u32, u32), told: impl Fn(Progress) + 'static) -> Result<(), Unavailable> {
    let told = Closure::<dyn FnMut(JsValue)>::new(move |values: JsValue| told(seam::read_progress(&values)));
    call(Job::Send, &seam::write_sent(files.into_iter(), frame), &told.into_js_value()).await.map(drop)
}

/// Has it do something that a text is enough for: try a file again, by its key, or preview what
/// [`seam::write_previewed`] wrote.
///
/// # Errors
/// It could not be loaded.
pub async fn tell(job: Job, text: String) -> Result<(), Unavailable> {
    call(job, &text.into(), &JsValue::NULL).await.map(drop)
}

/// Has the workbench do something. It breaks a promise only where it stopped itself.
async fn call(job: Job, one: &JsValue, other: &JsValue) -> Result<JsValue, Unavailable> {
    let work = ready().await?;
    let answer = work.call3(&JsValue::NULL, &job.write(), one, other).map_err(|_| Unavailable::NotLoaded)?;
    JsFuture::from(Promise::resolve(&answer)).await.map_err(|_| Unavailable::NotLoaded)
}

/// The workbench's function, loaded if it is not there yet.
async fn ready() -> Result<Function, Unavailable> {
    if workbench().is_none() {
        let is_first = LOADING.with_borrow(Option::is_none);
        // What was pressed shows that it is at work: on a slow line this takes seconds.
        let pressed = super::document().active_element();
        let mark = |attribute: fn(&Element)| pressed.iter().for_each(attribute);
        mark(|pressed| drop(pressed.set_attribute("aria-busy", "true")));
        let loading = LOADING.with_borrow_mut(|loading| loading.get_or_insert_with(load).clone());
        // It ends in any case.
        let _ = JsFuture::from(loading).await;
        mark(|pressed| drop(pressed.remove_attribute("aria-busy")));
        if is_first {
            LOADING.set(None);
        }
    }
    let (spoken, work) = workbench().ok_or(Unavailable::NotLoaded)?;
    if spoken == seam::SPEAKS { Ok(work) } else { Err(Unavailable::Outdated) }
}

fn workbench() -> Option<(JsValue, Function)> {
    let object = Reflect::get(&super::window(), &seam::OBJECT.into()).ok()?;
    let property = |name: &str| Reflect::get(&object, &name.into()).ok();
    Some((property(seam::WORD)?, property(seam::WORK)?.dyn_into().ok()?))
}

thread_local! {
    /// Whoever asks while it is being loaded waits for the same end.
    static LOADING: RefCell<Option<Promise>> = const { RefCell::new(None) };
    /// How often it was tried. A browser remembers a module that failed, so each try has an address of its own.
    static TRIES: Cell<u32> = const { Cell::new(0) };
}

/// Starts to load it; the promise is kept when that has ended, well or not.
fn load() -> Promise {
    TRIES.set(TRIES.get() + 1);
    let address = ["/workbench-start.js?", &seam::SPEAKS.to_string(), "-", &TRIES.get().to_string()].concat();
    Promise::new(&mut |end, _| {
        let Ok(script) = super::document().create_element("script") else { return };
        let _ = script.set_attribute("type", "module");
        let _ = script.set_attribute("src", &address);
        let _ = super::window().add_event_listener_with_callback(seam::STARTED, &end);
        let _ = script.add_event_listener_with_callback("error", &end);
        if let Some(root) = super::document().document_element() {
            let _ = root.append_child(&script);
        }
    })
}
