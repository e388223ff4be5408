//! What is seen of the recorder.

use leptos::prelude::*;

use super::Recorder;
use crate::browser::workbench::Recording;
use crate::browser::{media, picked};
use crate::components::button::{blank_button, button};
use crate::components::element::{El, bare, el, nothing};
use crate::components::icon::icon;
use crate::model::recording::{Block, End, Event, LIMIT_MS, Phase};
use crate::model::words;
use crate::workbench::dialog::Closer;

/// The ids of what takes the focus when the dialog has changed.
pub(super) const MAIN: &str = "recorder-main";
pub(super) const AGAIN: &str = "recorder-again";
pub(super) const LISTEN: &str = "recorder-listen";

/// What the dialog shows as a whole; within each, nothing is made anew.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asking,
    Blocked(Block),
    Listening,
    Done(End),
}

/// The inside of the dialog.
pub(super) fn recorder(recorder: Recorder, closer: Closer<Recording>) -> El {
    let stage = Memo::new(move |_| match recorder.phase.get() {
        Phase::Asking => Stage::Asking,
        Phase::Blocked(block) => Stage::Blocked(block),
        Phase::Ready | Phase::Recording | Phase::Paused => Stage::Listening,
        Phase::Done(end) => Stage::Done(end),
    });
    let words = el("p", "state")
        .set("role", "status")
        .follow("data-phase", move || (recorder.phase.get() == Phase::Recording).then_some("recording"));
    el("div", "recorder").child(words.says(move || recorder.phase.get().words().to_owned())).live(move || {
        match stage.get() {
            Stage::Asking => nothing(),
            Stage::Blocked(block) => blocked(recorder, block).into(),
            Stage::Listening => listening(recorder).into(),
            Stage::Done(_) => live_done(recorder, closer),
        }
    })
}

fn blocked(recorder: Recorder, block: Block) -> El {
    let again = button("btn", "Try again", move || recorder.ask(None)).set("id", AGAIN);
    let notice = el("div", "notice").set("data-tone", "bad").child(bare("p").text(block.words().1));
    el("div", "part").child(notice).child(el("div", "actions").child(again))
}

fn listening(recorder: Recorder) -> El {
    let is_running = move || matches!(recorder.phase.get(), Phase::Recording | Phase::Paused);
    let main = blank_button("btn primary", move || recorder.step(Event::MainPressed))
        .set("id", MAIN)
        .live(move || icon(if recorder.phase.get() == Phase::Recording { "pause" } else { "record" }).into())
        .says(move || {
            let word = match recorder.phase.get() {
                Phase::Recording => "Pause",
                Phase::Paused => "Go on",
                _ => "Record",
            };
            word.to_owned()
        });
    let stop = blank_button("btn", move || recorder.step(Event::StopPressed))
        .follow("disabled", move || (!is_running()).then_some(""))
        .child(icon("stop"))
        .text("Stop");
    let unheard = move || {
        if recorder.is_unheard.get() {
            el("p", "note").text("Nothing is heard. Is this the right microphone, and is it switched on?").into()
        } else {
            nothing()
        }
    };
    el("div", "part")
        .child(choice(recorder, is_running))
        .child(time(recorder))
        .child(meter(recorder))
        .live(unheard)
        .child(el("div", "actions").child(main).child(stop))
}

/// Which microphone; while it records there is no going back.
fn choice(recorder: Recorder, is_running: impl Fn() -> bool + Send + 'static) -> El {
    let options = move || {
        let devices = recorder.devices.get();
        let option = |(at, device): (usize, crate::browser::recorder::Device)| {
            let name =
                if device.name.is_empty() { ["Microphone ", &(at + 1).to_string()].concat() } else { device.name };
            let is_chosen = recorder.device.get_untracked() == device.id;
            let option = bare("option").put("value", device.id).word(name);
            AnyView::from(if is_chosen { option.set("selected", "") } else { option })
        };
        devices.into_iter().enumerate().map(option).collect_view().into_any()
    };
    let select = el("select", "input")
        .follow("disabled", move || is_running().then_some(""))
        .on("change", move |event| recorder.ask(picked::option(&event)))
        .live(options);
    el("label", "choice").child(el("span", "name").text("Microphone")).child(select)
}

fn time(recorder: Recorder) -> El {
    el("p", "time num")
        .child(bare("b").says(move || words::length(recorder.kept_ms.get())))
        .child(bare("small").word(["of ", &words::length(LIMIT_MS)].concat()))
}

fn meter(recorder: Recorder) -> El {
    let level = move || recorder.level.get().to_string();
    el("div", "meter")
        .set("role", "meter")
        .set("aria-label", "Level")
        .set("aria-valuemin", "0")
        .set("aria-valuemax", "100")
        .follow("aria-valuenow", move || Some(level()))
        .child(bare("span").style("--level", move || [&level(), "%"].concat()))
}

fn live_done(recorder: Recorder, closer: Closer<Recording>) -> AnyView {
    let address = Memo::new(move |_| recorder.result.with(|result| Some(result.as_ref()?.address.clone())));
    crate::components::element::live(move || match address.get() {
        Some(address) => done(recorder, closer, address).into(),
        None => nothing(),
    })
}

fn done(recorder: Recorder, closer: Closer<Recording>, address: String) -> El {
    let (is_playing, at_ms) = (RwSignal::new(false), RwSignal::new(0));
    let play = blank_button("btn round", || {})
        .set("id", LISTEN)
        .follow("aria-label", move || Some(if is_playing.get() { "Pause" } else { "Listen" }))
        .on("click", |event| media::toggle(&event))
        .live(move || icon(if is_playing.get() { "pause" } else { "play" }).into());
    let audio = bare("audio")
        .put("src", address)
        .on("play", move |_| is_playing.set(true))
        .on("pause", move |_| is_playing.set(false))
        .on("timeupdate", move |event| at_ms.set(media::position_ms(&event)));
    let length_ms = move || recorder.result.with(|result| result.as_ref().map_or(0, |result| result.duration_ms));
    let length = move || {
        if at_ms.get() > 0 {
            [words::length(at_ms.get()), words::length(length_ms())].join(" / ")
        } else {
            words::length(length_ms())
        }
    };
    let track = el("div", "take")
        .child(el("span", "player").child(play).child(audio))
        .child(wave(recorder))
        .child(el("span", "num").says(length));
    let silent = move || {
        let is_silent = recorder.result.with(|result| result.as_ref()?.sound.as_ref().map(|sound| sound.is_silent));
        if is_silent == Some(true) { el("p", "note").text("Nothing is to be heard in it.").into() } else { nothing() }
    };
    let again = button("btn", "Record again", move || {
        let device = recorder.device.get_untracked();
        recorder.ask((!device.is_empty()).then_some(device));
    });
    let keep = button("btn primary", "Keep", move || recorder.keep(closer));
    el("div", "part").child(track).live(silent).child(el("div", "actions").child(keep).child(again))
}

fn wave(recorder: Recorder) -> El {
    let bars = move || {
        let peaks =
            recorder.result.with(|result| Some(result.as_ref()?.sound.as_ref()?.peaks.clone())).unwrap_or_default();
        let loudest = peaks.iter().copied().fold(0.05, f32::max);
        let bar = |peak: &f32| {
            let height = [&(peak / loudest * 100.0).to_string(), "%"].concat();
            AnyView::from(bare("i").style("--height", move || height.clone()))
        };
        peaks.iter().map(bar).collect_view().into_any()
    };
    el("div", "bars").set("aria-hidden", "true").live(bars)
}
