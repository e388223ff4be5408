//! A picture with what the model cuts off of it shaded.

use leptos::prelude::With;

use super::element::{El, el};
use crate::model::crop::{Crop, crop};
use crate::state::{Studio, given, studio::PICTURE};

/// Frames the draft's picture.
pub fn frame(picture: El) -> El {
    let studio = given::<Studio>();
    let size = move || studio.probe(PICTURE).size();
    let cut =
        move |part: fn(Crop) -> u32| size().map(|size| part(crop(size, studio.draft.with(|draft| draft.resolution))));
    let tenths = |part: u32| [&(part / 10).to_string(), ".", &(part % 10).to_string(), "%"].concat();
    let shade = el("span", "crop")
        .style("--sides", move || cut(|crop| crop.sides).map(tenths).unwrap_or_default())
        .style("--ends", move || cut(|crop| crop.ends).map(tenths).unwrap_or_default());
    el("div", "frame")
        .style("--aspect", move || {
            let (width, height) = size().unwrap_or((16, 9));
            [&width.to_string(), " / ", &height.to_string()].concat()
        })
        .child(picture)
        .child(shade)
}
