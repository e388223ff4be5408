//! Bytes that the browser keeps on disk, by names, through reloads and crashes. Outside of secure contexts there is no such
//! thing, and a full disk refuses: whoever keeps something has to live with that.

use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CacheStorage, Request, Response};

/// A place of its own on the disk, by its name.
#[derive(Debug, Clone, Copy)]
pub struct Cache(pub &'static str);

impl Cache {
    /// Keeps bytes under this name, in place of others.
    pub async fn keep(self, name: &str, blob: &Blob) -> Option<()> {
        let response = Response::new_with_opt_blob(Some(blob)).ok()?;
        done(self.open().await?.put_with_str(&path(name), &response)).await.map(drop)
    }

    /// What was kept under this name.
    pub async fn kept(self, name: &str) -> Option<Blob> {
        let response: Response = done(self.open().await?.match_with_str(&path(name))).await?.dyn_into().ok()?;
        done(response.blob().ok()?).await?.dyn_into().ok()
    }

    /// Forgets everything but what has these names.
    pub async fn keep_only(self, names: &[String]) -> Option<()> {
        let cache = self.open().await?;
        let paths: Vec<String> = names.iter().map(|name| path(name)).collect();
        for request in Array::from(&done(cache.keys()).await?) {
            let request: Request = request.dyn_into().ok()?;
            if !paths.iter().any(|path| request.url().ends_with(path.as_str())) {
                done(cache.delete_with_request(&request)).await?;
            }
        }
        Some(())
    }

    /// Forgets everything.
    pub async fn clear(self) -> Option<()> {
        done(all()?.delete(self.0)).await.map(drop)
    }

    async fn open(self) -> Option<web_sys::Cache> {
        done(all()?.open(self.0)).await?.dyn_into().ok()
    }
}

/// The same-origin address that stands for a name; nobody asks a server for it.
fn path(name: &str) -> String {
    ["/draft/", &super::link::encode(name)].concat()
}

fn all() -> Option<CacheStorage> {
    let window = super::window();
    let has_caches = Reflect::get(&window, &"caches".into()).is_ok_and(|caches| caches.is_object());
    if has_caches { window.caches().ok() } else { None }
}

async fn done(promise: Promise) -> Option<JsValue> {
    JsFuture::from(promise).await.ok()
}
