//! The four steps of a dub.

use contract::Dub;
use leptos::prelude::*;

use crate::browser::clock::parse_ms;
use crate::model::progress::{Elapsed, STEPS, step};
use crate::model::words;

/// Queued, sent, generating, saving: what is over, what is going on, how far along.
#[component]
pub fn Steps(
    /// The dub.
    dub: Memo<Dub>,
    /// How long the provider has been at it.
    elapsed: Memo<Option<Elapsed>>,
) -> impl IntoView {
    let now = Memo::new(move |_| step(dub.read().phase));
    let one = move |nth: usize| {
        let state = move || match nth.cmp(&now.get()) {
            std::cmp::Ordering::Less => "done",
            std::cmp::Ordering::Equal => "now",
            std::cmp::Ordering::Greater => "next",
        };
        let percent = move || match (nth, elapsed.get()) {
            (2, Some(elapsed)) => elapsed.percent().to_string() + "%",
            _ => "50%".to_owned(),
        };
        view! {
            <li data-step=state aria-current=move || (now.get() == nth).then_some("step") style:--done=percent>
                {STEPS[nth]}<small class="num">{move || remark(nth, &dub.read())}</small>
            </li>
        }
    };
    view! { <ol class="steps">{(0..STEPS.len()).map(one).collect_view()}</ol> }
}

/// How long the dub had to wait, under the step that it waited for.
fn remark(nth: usize, dub: &Dub) -> Option<String> {
    let (created_ms, started_ms) = (parse_ms(&dub.created_at)?, parse_ms(dub.started_at.as_deref()?)?);
    (nth == 1).then(|| ["after ", &words::length(started_ms - created_ms)].concat())
}
