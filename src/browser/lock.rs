//! What only one tab may do at a time.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;

/// A lock that this tab holds until it is dropped, or the tab is gone.
#[derive(Debug)]
pub struct Lock(Option<Function>);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = &self.0 {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// Takes the lock of this name; `None` while another tab holds it. Where a browser has no locks, or gives none, every tab
/// gets it.
pub async fn take(name: &str) -> Option<Lock> {
    let navigator = super::window().navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).unwrap_or_default();
    let request = Reflect::get(&locks, &"request".into()).ok().and_then(|request| request.dyn_into::<Function>().ok());
    let Some(request) = request else { return Some(Lock(None)) };
    let options = Object::new();
    let _ = Reflect::set(&options, &"ifAvailable".into(), &true.into());
    // The browser calls back with the lock or null, and holds it until the promise given to it is kept.
    let answer = Promise::new(&mut |tell, _| {
        let refuse = tell.clone();
        let held = Closure::once_into_js(move |lock: JsValue| {
            if lock.is_null() {
                let _ = tell.call1(&JsValue::NULL, &JsValue::NULL);
                return JsValue::NULL;
            }
            Promise::new(&mut |release, _| drop(tell.call1(&JsValue::NULL, &release))).into()
        });
        let asked = request.call3(&locks, &name.into(), &options, &held);
        // Refused, for one where the visitor lets pages keep nothing: then `held` is never called.
        wasm_bindgen_futures::spawn_local(async move {
            let is_refused = match asked {
                Ok(asked) => JsFuture::from(Promise::resolve(&asked)).await.is_err(),
                Err(_) => true,
            };
            if is_refused {
                let _ = refuse.call1(&JsValue::NULL, &JsValue::UNDEFINED);
            }
        });
    });
    let answer = JsFuture::from(answer).await.ok()?;
    if answer.is_null() { None } else { Some(Lock(answer.dyn_into().ok())) }
}
