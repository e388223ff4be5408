//! What a dub took.

use contract::Dub;
use leptos::prelude::*;

use crate::browser::clock::{day, parse_ms};
use crate::model::words;

/// The row of facts under a finished dub; what is not known is left out.
pub fn facts(dub: &Dub) -> AnyView {
    let took = || Some(words::length(parse_ms(dub.finished_at.as_deref()?)? - parse_ms(dub.started_at.as_deref()?)?));
    let cost = dub.metrics.and_then(|metrics| metrics.cost_usd).map(words::usd);
    let output = dub.output.as_ref();
    let size = output.map(|output| [&output.width.to_string(), " × ", &output.height.to_string()].concat());
    let kept = output.and_then(|output| output.expires_at.as_deref()).map(day);
    let facts = [
        ("Took", took()),
        ("Cost", cost),
        ("Seed", Some(dub.input.seed.to_string())),
        ("Resolution", size),
        ("Kept until", kept),
    ];
    let known = facts
        .into_iter()
        .filter_map(|(name, fact)| fact.map(|fact| view! { <div><dt>{name}</dt><dd>{fact}</dd></div> }.into_any()));
    view! { <dl class="card facts num">{known.collect_view()}</dl> }.into_any()
}
