//! What a dub took.

use contract::Dub;

use super::element::{El, bare, el};
use crate::browser::clock::{day, parse_ms};
use crate::model::words;
use crate::state::{Session, given};

/// The row of facts under a finished dub; what is not known is left out.
pub fn facts(dub: &Dub) -> El {
    let took = || Some(words::length(parse_ms(dub.finished_at.as_deref()?)? - parse_ms(dub.started_at.as_deref()?)?));
    let cost = dub.metrics.and_then(|metrics| metrics.cost_usd);
    // The sandbox's provider names a price, as the real one does; nobody pays it.
    let cost =
        if given::<Session>().is_sandbox() { Some("Nothing (sandbox)".to_owned()) } else { cost.map(words::usd) };
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
    facts.into_iter().fold(el("dl", "card facts num"), |list, (name, fact)| match fact {
        Some(fact) => list.child(bare("div").child(bare("dt").text(name)).child(bare("dd").word(fact))),
        None => list,
    })
}
