//! Sleeping until a time or until woken.

use js_sys::{Function, Promise};
use leptos::prelude::{LocalStorage, SetValue, StoredValue, UpdateValue};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

/// One task's sleep; whoever has a copy can end it early. A wake while nobody sleeps ends the next sleep at once.
#[derive(Debug, Clone, Copy)]
pub struct Nap {
    wake: StoredValue<Option<Function>, LocalStorage>,
    is_awaited: StoredValue<bool, LocalStorage>,
}

impl Nap {
    /// A sleep that nobody sleeps yet.
    pub fn new() -> Self {
        Self { wake: StoredValue::new_local(None), is_awaited: StoredValue::new_local(false) }
    }

    /// Sleeps for `ms`, or without an end of its own. The promise behind it is never rejected.
    pub fn sleep(self, ms: Option<i32>) -> JsFuture {
        let is_awaited = self.is_awaited.try_update_value(std::mem::take).unwrap_or_default();
        let ms = if is_awaited { Some(0) } else { ms };
        let nap = Promise::new(&mut |wake, _| {
            if let Some(ms) = ms {
                let _ = super::window().set_timeout_with_callback_and_timeout_and_arguments_0(&wake, ms);
            }
            self.wake.update_value(|slot| *slot = Some(wake));
        });
        JsFuture::from(nap)
    }

    /// Ends the sleep, or the next one if there is none.
    pub fn wake(self) {
        match self.wake.try_update_value(Option::take).flatten() {
            Some(wake) => drop(wake.call0(&JsValue::NULL)),
            None => drop(self.is_awaited.try_set_value(true)),
        }
    }
}

/// How long an answer may take, in milliseconds. Where the network swallows everything, nothing else would end a request.
pub const PATIENCE_MS: u32 = 20_000;

/// What ends a request that gets no answer for `ms`.
pub fn patience(ms: u32) -> AbortSignal {
    AbortSignal::timeout_with_u32(ms)
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
