//! How: all that the model takes besides picture and voice.

use contract::Resolution;
use leptos::prelude::*;

use super::element::{El, bare, el, nothing};
use super::field_error::field_error;
use super::mask_file::{mask_file, mask_makers};
use super::segmented::{Choice, segmented};
use super::text_field::{Text, text_field, typed};
use super::video_card::card;
use crate::model::complaint::Place;
use crate::model::draft::Draft;
use crate::state::{Studio, given};

const RESOLUTION: Choice = Choice {
    place: Place::Resolution,
    name: "Resolution",
    id: "resolution",
    options: ["480p", "720p"],
    read: |draft| draft.resolution == Resolution::P720,
    write: |draft, is_720| draft.resolution = Resolution::ALL[usize::from(is_720)],
};
const SPEAKER: Choice = Choice {
    place: Place::Mask,
    name: "Who speaks",
    id: "speaker",
    options: ["Automatic", "Paint the speaker"],
    read: |draft| draft.is_masked,
    write: |draft, is_masked| draft.is_masked = is_masked,
};
const SEED: Choice = Choice {
    place: Place::Seed,
    name: "Seed",
    id: "seed",
    options: ["Random", "Fixed"],
    read: |draft| draft.is_seed_fixed,
    write: |draft, is_fixed| draft.is_seed_fixed = is_fixed,
};

/// The card of the settings.
pub fn settings_card() -> El {
    let body = el("div", "body")
        .child(segmented(RESOLUTION).child(field_error(Place::Resolution)))
        .child(segmented(SPEAKER).child(with_second(SPEAKER.read, mask)).child(field_error(Place::Mask)))
        .child(prompt())
        .child(segmented(SEED).child(with_second(SEED.read, seed)).child(field_error(Place::Seed)));
    card("Settings", String::new, body)
}

/// What the second answer of a choice asks for.
fn with_second(read: fn(&Draft) -> bool, field: fn() -> El) -> AnyView {
    let studio = given::<Studio>();
    let is_second = Memo::new(move |_| studio.draft.with(read));
    super::element::live(move || if is_second.get() { field().into() } else { nothing() })
}

fn mask() -> El {
    let link = Text {
        place: Place::Mask,
        read: |draft, _| &draft.mask,
        write: |draft, _| Some(&mut draft.mask),
        check: Studio::check_settings,
    };
    let studio = given::<Studio>();
    let key = Memo::new(move |_| studio.draft.with(|draft| draft.mask_file.key()));
    el("div", "under").live(move || match key.get() {
        key if key.is_empty() => el("div", "under")
            .live(mask_makers)
            .child(
                text_field(link, "Mask link", "Or paste a link: https://…/mask.png", "input").set("inputmode", "url"),
            )
            .child(el("p", "hint").text("White where the speaker is, black elsewhere."))
            .into(),
        key => mask_file(key).into(),
    })
}

fn seed() -> El {
    let number = Text {
        place: Place::Seed,
        read: |draft, _| &draft.seed,
        write: |draft, _| Some(&mut draft.seed),
        check: Studio::check_settings,
    };
    el("div", "under").child(text_field(number, "Seed number", "1 to 2147483647", "input").set("inputmode", "numeric"))
}

fn prompt() -> El {
    let text = Text {
        place: Place::Prompt,
        read: |draft, _| &draft.prompt,
        write: |draft, _| Some(&mut draft.prompt),
        check: Studio::check_settings,
    };
    let field = typed(el("textarea", "input").set("rows", "1"), text)
        .set("placeholder", "Optional: calm, looking at the camera");
    el("div", "row")
        .child(bare("label").set("class", "name").put("for", Place::Prompt.id()).text("Prompt"))
        .child(field)
        .child(field_error(Place::Prompt))
}
