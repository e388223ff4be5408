//! Lists whose rows come and go.

use std::sync::Arc;

use leptos::prelude::*;

/// A row for each key. Each stays with its own when others come and go: whoever types or stands in one loses nothing, and
/// presses what they see. The one place for a keyed list: its code is there once for each type of key.
pub fn rows(
    keys: impl Fn() -> Vec<String> + Send + 'static,
    row: impl Fn(String) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let keys: Box<dyn Fn() -> Vec<String> + Send> = Box::new(keys);
    let row: Arc<dyn Fn(String) -> AnyView + Send + Sync> = Arc::new(row);
    view! { <For each=keys key=String::clone children=move |key| row(key)/> }.into_any()
}
