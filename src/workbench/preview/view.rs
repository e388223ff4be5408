//! What is seen of the preview.

use leptos::ev::Event;
use leptos::prelude::*;

use super::{Player, Trouble, USUAL};
use crate::browser::{duet, event, fullscreen, keys, picked};
use crate::components::button::blank_button;
use crate::components::element::{El, bare, el, nothing};
use crate::components::icon::icon;
use crate::model::words;

/// The id of the whole player, for all of the screen.
const PLAYER: &str = "preview-player";
/// How fast it can be played, in percent.
const RATES: [u32; 6] = [50, 75, USUAL, 125, 150, 200];
/// How far an arrow key goes.
const STEP_MS: i64 = 5_000;
/// How far J and L go.
const LEAP_MS: i64 = 10_000;
/// A voice that is shorter than the picture by less is as long as it.
const SHORTER_MS: i64 = 500;

/// The player, and what it is for.
pub(super) fn preview(player: Player, picture: String) -> AnyView {
    let is_link = picture.starts_with("http");
    let video = el("video", "view")
        .set("id", duet::PICTURE)
        .put("src", picture)
        .set("aria-label", "Original picture")
        .set("playsinline", "")
        .set("muted", "")
        .set("preload", "auto")
        .press(move || player.toggle())
        .on("loadedmetadata", move |_| player.learn())
        .on("durationchange", move |_| player.learn())
        .on("error", move |_| player.fail(Trouble::Picture));
    let voice = bare("audio")
        .set("id", duet::VOICE)
        .set("preload", "auto")
        .follow("src", move || Some(player.voice.get()).filter(|address| !address.is_empty()))
        .on("loadedmetadata", move |_| player.begin())
        .on("durationchange", move |_| player.learn())
        .on("timeupdate", move |_| player.follow())
        .on("seeked", move |_| player.follow())
        .on("pause", move |_| player.follow())
        .on("ended", move |_| player.follow())
        .on("error", move |_| player.fail(Trouble::Voice));
    let words = move |shown: Trouble| {
        let trouble = player.trouble.get().filter(|trouble| *trouble == shown);
        let is_link = if shown == Trouble::Picture { is_link } else { player.voice.read().starts_with("http") };
        trouble.map_or("", |trouble| words_of(trouble, is_link)).to_owned()
    };
    // Where there is no picture, its place says why.
    let why = el("p", "why").set("role", "status").says(move || words(Trouble::Picture));
    let tag = move || {
        if player.trouble.get() == Some(Trouble::Picture) {
            return nothing();
        }
        let says = move || ["Preview: original picture, ", &player.name.get(), " voice"].concat();
        el("span", "tag").says(says).into()
    };
    let held = move || {
        if player.is_held.get() { el("span", "tag held").text("The last frame holds").into() } else { nothing() }
    };
    let silent = move || {
        if player.is_silent.get() { el("span", "tag silent").text("The sound is off").into() } else { nothing() }
    };
    // Who presses the picture works it by keys from then on.
    let whole = el("div", "preview")
        .set("id", PLAYER)
        .set("role", "group")
        .set("tabindex", "-1")
        .set("aria-label", "Preview")
        .on("keydown", move |event| press(&event, player))
        .child(el("div", "picture").child(video).child(why).live(tag).live(held).live(silent))
        .child(voice)
        .child(controls(player));
    let note = move || match words(Trouble::Voice) {
        words if words.is_empty() => nothing(),
        words => el("p", "note").word(words).into(),
    };
    el("div", "panel previewing")
        .child(whole)
        .child(el("div", "notes").set("role", "status").live(note))
        .child(el("p", "hint").says(move || hint(player)))
        .into()
}

fn words_of(trouble: Trouble, is_link: bool) -> &'static str {
    match (trouble, is_link) {
        (Trouble::Picture, true) => "The video's link cannot be played here, so there is no preview.",
        (Trouble::Voice, true) => "The voice's link cannot be played here, so there is no preview.",
        (Trouble::Picture, false) => "This browser cannot play the video, so there is no preview.",
        (Trouble::Voice, false) => "This browser cannot play the voice, so there is no preview.",
    }
}

/// What it is for; nothing where there is none.
fn hint(player: Player) -> String {
    if player.trouble.get().is_some() {
        return String::new();
    }
    let is_shorter = match player.lengths_ms.get() {
        [Some(voice_ms), Some(picture_ms)] => voice_ms + SHORTER_MS < picture_ms,
        _ => false,
    };
    let end = if is_shorter { " The dub ends with the voice." } else { "" };
    ["A free check before you spend anything: your picture with the new voice. Lips move only in the dub.", end]
        .concat()
}

fn controls(player: Player) -> El {
    let is_dead = move || player.trouble.get().is_some() || player.voice.read().is_empty();
    let length_ms = move || player.lengths_ms.get()[0].unwrap_or(0);
    let play = blank_button("btn quiet round", move || player.toggle())
        .follow("disabled", move || is_dead().then_some(""))
        .follow("aria-label", move || {
            Some(if player.is_playing.get() { "Pause the preview" } else { "Play the preview" })
        })
        .live(move || icon(if player.is_playing.get() { "pause" } else { "play" }).into());
    let bar = el("input", "scrub")
        .set("type", "range")
        .set("min", "0")
        .set("step", "1")
        .set("aria-label", "Position")
        .follow("disabled", move || is_dead().then_some(""))
        .follow("max", move || Some(length_ms().to_string()))
        .follow("aria-valuetext", move || {
            Some([words::length(player.at_ms.get()), words::length(length_ms())].join(" of "))
        })
        .value(move || player.at_ms.get().to_string())
        .style("--done", move || {
            let tenths = player.at_ms.get() * 1_000 / length_ms().max(1);
            [&(tenths / 10).to_string(), ".", &(tenths % 10).to_string(), "%"].concat()
        })
        .on("input", move |event| {
            if let Some(to_ms) = picked::number(&event) {
                player.go(i64::from(to_ms));
            }
        });
    let rates = RATES.into_iter().fold(el("select", "speed num"), |list, rate| {
        let option = bare("option").put("value", rate.to_string()).word(rate_words(rate));
        list.child(if rate == USUAL { option.set("selected", "") } else { option })
    });
    let speed = rates.set("aria-label", "Speed").on("change", move |event| {
        if let Some(rate) = picked::option(&event).and_then(|rate| rate.parse().ok()) {
            player.set_rate(rate);
        }
    });
    let full = blank_button("btn quiet round", || fullscreen::toggle(PLAYER))
        .set("aria-label", "Full screen")
        .set("title", "Full screen")
        .child(icon("fullscreen"));
    el("div", "controls")
        .child(play)
        .child(el("span", "num").says(move || words::length(player.at_ms.get())))
        .child(bar)
        .child(el("span", "num").says(move || words::length(length_ms())))
        .child(speed)
        .child(full)
}

/// `1.25×`
fn rate_words(percent: u32) -> String {
    [&(f64::from(percent) / f64::from(USUAL)).to_string(), "×"].concat()
}

/// The keys of a player. Where a control has a use for one itself, it is the control's.
fn press(event: &Event, player: Player) {
    let tag = event::tag(event);
    if tag == "SELECT" || keys::is_for_browser(event) {
        return;
    }
    let at_ms = player.at_ms.get_untracked();
    match event::key(event).to_lowercase().as_str() {
        "k" => player.toggle(),
        " " if tag != "BUTTON" => player.toggle(),
        "j" => player.go(at_ms - LEAP_MS),
        "l" => player.go(at_ms + LEAP_MS),
        "arrowleft" | "arrowdown" => player.go(at_ms - STEP_MS),
        "arrowright" | "arrowup" => player.go(at_ms + STEP_MS),
        "m" => player.toggle_sound(),
        "f" => fullscreen::toggle(PLAYER),
        _ => return,
    }
    event.prevent_default();
}
