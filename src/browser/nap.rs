//! Sleeping until a time or until woken.

use js_sys::{Function, Promise};
use leptos::prelude::{LocalStorage, StoredValue, UpdateValue};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// One task's sleep; whoever has a copy can end it early.
#[derive(Debug, Clone, Copy)]
pub struct Nap {
    wake: StoredValue<Option<Function>, LocalStorage>,
}

impl Nap {
    /// A sleep that nobody sleeps yet.
    pub fn new() -> Self {
        Self { wake: StoredValue::new_local(None) }
    }

    /// Sleeps for `ms`, or without an end of its own. The promise behind it is never rejected.
    pub fn sleep(self, ms: Option<i32>) -> JsFuture {
        let nap = Promise::new(&mut |wake, _| {
            if let Some(ms) = ms {
                let _ = super::window().set_timeout_with_callback_and_timeout_and_arguments_0(&wake, ms);
            }
            self.wake.update_value(|slot| *slot = Some(wake));
        });
        JsFuture::from(nap)
    }

    /// Ends the sleep, if there is one.
    pub fn wake(self) {
        if let Some(wake) = self.wake.try_update_value(Option::take).flatten() {
            let _ = wake.call0(&JsValue::NULL);
        }
    }
}

/// Sleeps for `ms`.
pub fn pause(ms: i32) -> JsFuture {
    let nap = Promise::new(&mut |wake, _| {
        let _ = super::window().set_timeout_with_callback_and_timeout_and_arguments_0(&wake, ms);
    });
    JsFuture::from(nap)
}

impl Default for Nap {
    fn default() -> Self {
        Self::new()
    }
}
