//! How: all that the model takes besides picture and voice.

use contract::Resolution;
use leptos::prelude::*;

use super::{
    field_error::{FieldError, described_by, invalid},
    segmented::Segmented,
    text_field::TextField,
};
use crate::model::{complaint::Place, draft::Draft};
use crate::state::{Session, Studio, given};

/// The card of the settings.
#[component]
pub fn SettingsCard() -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="settings-heading">
            <header><h2 id="settings-heading">"Settings"</h2></header>
            <div class="body"><ResolutionRow/><SpeakerRow/><PromptRow/><SeedRow/></div>
        </section>
    }
}

/// Follows one part of the draft.
fn part<T: Clone + PartialEq + Send + Sync + 'static>(of: fn(&Draft) -> T) -> Memo<T> {
    let studio = given::<Studio>();
    Memo::new(move |_| studio.draft.with(of))
}

/// Writes a choice down.
fn choose(place: Place, write: fn(&mut Draft, bool)) -> Callback<bool> {
    let studio = given::<Studio>();
    Callback::new(move |is_second| studio.change(place, |draft| write(draft, is_second)))
}

/// Writes a text down.
fn write(place: Place, write: fn(&mut Draft, String)) -> Callback<String> {
    let studio = given::<Studio>();
    Callback::new(move |typed| studio.change(place, |draft| write(draft, typed)))
}

/// Checks a field once it is left.
fn check(place: Place) -> Callback<()> {
    let (studio, session) = (given::<Studio>(), given::<Session>());
    Callback::new(move |()| studio.check_settings(place, session))
}

#[component]
fn ResolutionRow() -> impl IntoView {
    let is_720 = part(|draft| draft.resolution == Resolution::P720);
    let set = choose(Place::Resolution, |draft, is_720| draft.resolution = Resolution::ALL[usize::from(is_720)]);
    view! {
        <div class="row">
            <Segmented name="Resolution" id="resolution" options=["480p", "720p"] is_second=is_720 on_choose=set/>
            <FieldError place=Place::Resolution/>
        </div>
    }
}

#[component]
fn SpeakerRow() -> impl IntoView {
    let is_masked = part(|draft| draft.is_masked);
    let set = choose(Place::Mask, |draft, is_masked| draft.is_masked = is_masked);
    let (link, write, leave) =
        (part(|draft| draft.mask.clone()), write(Place::Mask, |draft, mask| draft.mask = mask), check(Place::Mask));
    let mask = move || {
        view! {
            <TextField place=Place::Mask name="Mask link" hint="https://…/mask.png" keys="url" class="under" value=link on_input=write on_leave=leave/>
            <p class="hint under">"An image, white where the speaker is, black elsewhere."</p>
        }
        .into_any()
    };
    view! {
        <div class="row">
            <Segmented name="Who speaks" id="speaker" options=["Automatic", "Mask by link"] is_second=is_masked on_choose=set/>
            {move || is_masked.get().then(mask)}
            <FieldError place=Place::Mask/>
        </div>
    }
}

#[component]
fn PromptRow() -> impl IntoView {
    let studio = given::<Studio>();
    let (text, typed, leave) = (
        part(|draft| draft.prompt.clone()),
        write(Place::Prompt, |draft, prompt| draft.prompt = prompt),
        check(Place::Prompt),
    );
    view! {
        <div class="row">
            <label class="name" for="prompt">"Prompt"</label>
            <textarea class="input" id="prompt" rows="1" placeholder="Optional: calm, looking at the camera"
                aria-invalid=move || invalid(studio, Place::Prompt) aria-describedby=move || described_by(studio, Place::Prompt)
                prop:value=move || text.get()
                on:input=move |event| typed.run(event_target_value(&event)) on:blur=move |_| leave.run(())></textarea>
            <FieldError place=Place::Prompt/>
        </div>
    }
}

#[component]
fn SeedRow() -> impl IntoView {
    let is_fixed = part(|draft| draft.is_seed_fixed);
    let set = choose(Place::Seed, |draft, is_fixed| draft.is_seed_fixed = is_fixed);
    let (number, write, leave) =
        (part(|draft| draft.seed.clone()), write(Place::Seed, |draft, seed| draft.seed = seed), check(Place::Seed));
    let field = move || {
        view! {
            <TextField place=Place::Seed name="Seed number" hint="1 to 2147483647" keys="numeric" class="under" value=number on_input=write on_leave=leave/>
        }
        .into_any()
    };
    view! {
        <div class="row">
            <Segmented name="Seed" id="seed" options=["Random", "Fixed"] is_second=is_fixed on_choose=set/>
            {move || is_fixed.get().then(field)}
            <FieldError place=Place::Seed/>
        </div>
    }
}
