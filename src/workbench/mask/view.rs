//! What is seen of the mask's dialog.

use leptos::ev::Event;
use leptos::prelude::*;

use super::{Easel, SIZES, pixels};
use crate::browser::workbench::Blob;
use crate::browser::{event, keys, picked, pointer};
use crate::components::button::{blank_button, button};
use crate::components::element::{El, bare, el, nothing};
use crate::components::icon::icon;
use crate::model::mask::{Point, Tool};
use crate::workbench::dialog::{Closer, dismiss};

/// The id of the canvas.
pub(super) const CANVAS: &str = "mask-canvas";

/// The inside of the dialog.
pub(super) fn easel(easel: Easel, address: String, closer: Closer<Blob>) -> El {
    let complaint = move || match easel.complaint.get() {
        Some(complaint) => el("p", "error").word(complaint).into(),
        None => nothing(),
    };
    let actions = el("div", "actions")
        .child(button("btn primary", "Save mask", move || easel.save(closer)))
        .child(button("btn quiet", "Cancel", dismiss));
    el("div", "easel")
        .on("keydown", move |event| shortcut(&event, easel))
        .child(el("p", "hint").text(
            "Cover the whole head of the person who speaks, hair and chin too, with some room around. The mask stays where \
             it is when the person moves.",
        ))
        .child(frame(easel, address))
        .child(tools(easel))
        .child(el("p", "hint keys").set("id", "mask-keys").text(
            "By keyboard: arrows move the brush, with Shift by one pixel; hold Space to paint; [ and ] make it smaller and \
             larger.",
        ))
        .child(el("div", "alert").set("role", "alert").live(complaint))
        .child(actions)
}

fn frame(easel: Easel, address: String) -> El {
    let (width, height) = easel.size;
    let picture = bare("img").put("src", address).set("alt", "First frame of the video");
    let part = move |part: f32, whole: u32| [&(part / pixels(whole) * 100.0).to_string(), "%"].concat();
    let brush = el("span", "brush")
        .set("aria-hidden", "true")
        .follow("hidden", move || (!easel.is_near.get()).then_some(""))
        .follow("data-tool", move || (easel.tool.get() == Tool::Eraser).then_some("eraser"))
        .style("--x", move || part(easel.place.get().x, width))
        .style("--y", move || part(easel.place.get().y, height))
        .style("--across", move || {
            easel.width.track();
            part(easel.radius() * 2.0, width)
        });
    let inner = el("div", "sheet")
        .style("--ratio", move || (pixels(width) / pixels(height)).to_string())
        .child(picture)
        .child(paper(easel))
        .child(brush);
    el("div", "wall").child(inner)
}

/// The canvas that is painted on.
fn paper(easel: Easel) -> El {
    let (width, height) = easel.size;
    #[expect(clippy::cast_possible_truncation, reason = "a place in a frame")]
    let place = move |event: &Event| {
        let (x, y) = pointer::place(event)?;
        Some(Point { x: x as f32 * pixels(width), y: y as f32 * pixels(height) })
    };
    el("canvas", "paper")
        .set("id", CANVAS)
        .put("width", width.to_string())
        .put("height", height.to_string())
        .set("tabindex", "0")
        // Else the dialog would begin with the focus on what closes it.
        .set("autofocus", "")
        .set("role", "application")
        .set("aria-label", "Mask over the first frame")
        .set("aria-describedby", "mask-keys")
        .on("pointerdown", move |event| {
            if let Some(place) = place(&event).filter(|_| pointer::is_main(&event)) {
                pointer::hold(&event);
                easel.is_near.set(true);
                easel.begin(place);
            }
        })
        .on("pointermove", move |event| {
            if let Some(place) = place(&event).filter(|_| pointer::is_primary(&event)) {
                easel.is_near.set(true);
                easel.go(place);
            }
        })
        .on("pointerup", move |_| easel.end())
        .on("pointercancel", move |_| easel.end())
        .on("pointerleave", move |_| easel.is_near.set(false))
        .on("focus", move |_| easel.is_near.set(true))
        .on("blur", move |_| {
            easel.end();
            easel.is_near.set(false);
        })
        .on("keydown", move |event| steer(&event, easel))
        .on("keyup", move |event| {
            if event::key(&event) == " " {
                easel.end();
            }
        })
}

/// Moves and paints by keyboard.
fn steer(event: &Event, easel: Easel) {
    let key = event::key(event);
    let step = if keys::has_shift(event) { 1.0 } else { (easel.radius() / 2.0).max(1.0) };
    let (dx, dy) = match key.as_str() {
        "ArrowLeft" => (-step, 0.0),
        "ArrowRight" => (step, 0.0),
        "ArrowUp" => (0.0, -step),
        "ArrowDown" => (0.0, step),
        " " => (0.0, 0.0),
        _ => return,
    };
    event.prevent_default();
    easel.is_near.set(true);
    let Point { x, y } = easel.place.get_untracked();
    if key != " " {
        let (width, height) = (pixels(easel.size.0), pixels(easel.size.1));
        easel.go(Point { x: (x + dx).clamp(0.0, width), y: (y + dy).clamp(0.0, height) });
    } else if !easel.is_stroking.get_value() {
        easel.begin(Point { x, y });
    }
}

/// What keys do anywhere in the dialog.
fn shortcut(event: &Event, easel: Easel) {
    match (event::key(event).as_str(), keys::has_command(event)) {
        ("[", false) => easel.widen(-5),
        ("]", false) => easel.widen(5),
        ("z", true) => easel.change(super::Mask::undo),
        ("Z" | "y", true) => easel.change(super::Mask::redo),
        _ => return,
    }
    event.prevent_default();
}

fn tools(easel: Easel) -> El {
    let choice = el("div", "seg")
        .set("role", "radiogroup")
        .set("aria-label", "Tool")
        .child(tool(easel, Tool::Brush, "Brush"))
        .child(tool(easel, Tool::Eraser, "Eraser"));
    let slider = bare("input")
        .set("type", "range")
        .set("min", "1")
        .put("max", SIZES.to_string())
        .value(move || easel.width.get().to_string())
        .on("input", move |event| {
            if let Some(width) = picked::number(&event) {
                easel.width.set(width);
            }
        });
    let size = el("label", "size").child(el("span", "name").text("Size")).child(slider);
    let undo = step("undo", "Undo", move || easel.change(super::Mask::undo))
        .follow("disabled", move || (!easel.steps.get().0).then_some(""));
    let redo = step("redo", "Redo", move || easel.change(super::Mask::redo))
        .follow("disabled", move || (!easel.steps.get().1).then_some(""));
    let file = bare("input").set("type", "file").set("class", "unseen").set("accept", "image/png").on(
        "change",
        move |event| {
            if let Some(file) = picked::file(&event) {
                easel.upload(file);
            }
        },
    );
    let upload = el("label", "btn file").child(file).text("Upload a mask");
    el("div", "tools")
        .child(choice)
        .child(size)
        .child(
            el("div", "steps-back").child(undo).child(redo).child(button("btn quiet", "Clear", move || easel.clear())),
        )
        .child(upload)
}

fn tool(easel: Easel, tool: Tool, name: &'static str) -> El {
    let input = bare("input")
        .set("type", "radio")
        .set("name", "mask-tool")
        .checked(move || easel.tool.get() == tool)
        .on("change", move |_| easel.tool.set(tool));
    bare("label").child(input).child(bare("span").text(name))
}

fn step(drawing: &'static str, name: &'static str, act: impl FnMut() + 'static) -> El {
    blank_button("btn quiet round", act).set("aria-label", name).set("title", name).child(icon(drawing))
}
