//! The workbench's own side: it takes the page's calls.

use std::future::Future;
use std::pin::Pin;

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsValue, prelude::Closure};

use super::seam::{self, Job};

/// Work under way, and what the page is answered in the end.
pub type Work = Pin<Box<dyn Future<Output = JsValue>>>;

/// Puts the workbench's object on the window. From then on `work` is called for every job.
pub fn announce(work: fn(Job, JsValue, JsValue) -> Work) {
    let take =
        Closure::<dyn FnMut(JsValue, JsValue, JsValue) -> Promise>::new(
            move |job: JsValue, one, other| match Job::read(&job) {
                Some(job) => {
                    let work = work(job, one, other);
                    wasm_bindgen_futures::future_to_promise(async move { Ok(work.await) })
                }
                None => Promise::reject(&JsValue::NULL),
            },
        );
    let object = Object::new();
    // A fresh plain object takes every property, and so does the window.
    let _ = Reflect::set(&object, &seam::WORD.into(), &seam::SPEAKS.into());
    let _ = Reflect::set(&object, &seam::WORK.into(), &take.into_js_value());
    let _ = Reflect::set(&crate::browser::window(), &seam::OBJECT.into(), &object);
}
