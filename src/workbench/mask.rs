//! The mask's dialog: what its signals are, and what happens when something is painted or pressed.

pub(super) mod file;
mod view;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dialog::{self, Closer};
use crate::browser::canvas::{self, Pixels};
use crate::browser::object_url::ObjectUrl;
use crate::browser::{blob, cache::Cache, nap, workbench::Blob, workbench::Source};
use crate::model::mask::{Area, Mask, Point, Tool, misfit};

/// How long after a stroke the browser is asked to keep it: mostly another follows.
const KEEP_MS: i32 = 500;
/// How many steps the slider has; the last is a brush as wide as the frame's shorter side.
const SIZES: u32 = 100;

/// Where a mask that is being painted outlives a crash of the tab, under a name of its frame's.
const UNFINISHED: Cache = Cache("redub-unfinished-mask");

/// Opens the dialog over `frame`, going on from what was painted over it when the tab ended, or else from `kept`, if that is
/// of a frame of this shape. Comes back when it is closed, with the mask as PNG if it was saved.
pub(super) async fn open(frame: Blob, kept: Source) -> Option<Blob> {
    let (size, url) = (canvas::size_of(&frame).await?, ObjectUrl::of(&frame)?);
    let name = [size.0.to_string(), size.1.to_string(), blob::size_bytes(&frame).to_string()].join("-");
    let begun = match (UNFINISHED.kept(&name).await, kept) {
        (Some(unfinished), _) | (None, Source::File(unfinished)) => Some(unfinished),
        (None, Source::Link(link)) if link.starts_with('/') => blob::fetch(&link).await,
        (None, Source::Link(_)) => None,
    };
    let begun = match begun {
        Some(begun) if file::size(&begun).await.is_some_and(|own| misfit(own, size).is_none()) => {
            canvas::pixels_of(&begun, size).await
        }
        _ => None,
    };
    // A second press of the button: what the first one's dialog keeps is not this one's to clear.
    if dialog::is_open() {
        return None;
    }
    let address = url.as_str().to_owned();
    let made = dialog::open("Paint the speaker", "dialog wide", move |closer| {
        let easel = Easel::new(size, name);
        if let Some(pixels) = begun {
            easel.mask.update_value(|mask| mask.load(&pixels.rgba));
        }
        easel.show_soon();
        (view::easel(easel, address, closer), move || easel.would_lose())
    })
    .await;
    let _ = UNFINISHED.clear().await;
    made
}

/// The signals of an open dialog.
#[derive(Debug, Clone, Copy)]
struct Easel {
    size: (u32, u32),
    tool: RwSignal<Tool>,
    /// How wide the brush is, 1 to [`SIZES`].
    width: RwSignal<u32>,
    /// Where the brush is.
    place: RwSignal<Point>,
    /// Whether a pointer or the keyboard moves it now.
    is_near: RwSignal<bool>,
    /// Whether something can be undone, and redone.
    steps: RwSignal<(bool, bool)>,
    complaint: RwSignal<Option<String>>,
    is_stroking: StoredValue<bool>,
    mask: StoredValue<Mask, LocalStorage>,
    /// What it is kept under while it is painted.
    name: StoredValue<String>,
    /// How often it was changed.
    changes: StoredValue<u32>,
}

impl Easel {
    fn new(size: (u32, u32), name: String) -> Self {
        Self {
            size,
            tool: RwSignal::new(Tool::Brush),
            width: RwSignal::new(20),
            place: RwSignal::new(Point { x: pixels(size.0) / 2.0, y: pixels(size.1) / 2.0 }),
            is_near: RwSignal::new(false),
            steps: RwSignal::new((false, false)),
            complaint: RwSignal::new(None),
            is_stroking: StoredValue::new(false),
            mask: StoredValue::new_local(Mask::new(size.0, size.1)),
            name: StoredValue::new(name),
            changes: StoredValue::new(0),
        }
    }

    /// Half the brush's width, in pixels of the frame.
    fn radius(self) -> f32 {
        (pixels(self.size.0.min(self.size.1)) * pixels(self.width.get_untracked()) / pixels(SIZES) / 2.0).max(0.75)
    }

    /// Makes the brush wider or narrower.
    fn widen(self, by: i32) {
        self.width.update(|width| *width = width.saturating_add_signed(by).clamp(1, SIZES));
    }

    /// Begins a stroke with a dab.
    fn begin(self, place: Point) {
        self.mask.update_value(Mask::begin_step);
        self.is_stroking.set_value(true);
        self.complaint.set(None);
        self.place.set(place);
        self.stroke_to(place);
    }

    /// Moves the brush; what it passes is painted while a stroke is under way.
    fn go(self, place: Point) {
        if self.is_stroking.get_value() {
            self.stroke_to(place);
        }
        self.place.set(place);
    }

    fn stroke_to(self, place: Point) {
        let (tool, from, radius) = (self.tool.get_untracked(), self.place.get_untracked(), self.radius());
        let mut changed = None;
        self.mask.update_value(|mask| changed = mask.stroke(tool, from, place, radius));
        if let Some(area) = changed {
            self.show(area);
        }
    }

    /// Ends the stroke.
    fn end(self) {
        if self.is_stroking.get_value() {
            self.is_stroking.set_value(false);
            self.steps.set(self.mask.with_value(Mask::steps));
            self.keep_unfinished();
        }
    }

    /// Has the browser keep what is painted so far, for the next time if this one ends without a word.
    fn keep_unfinished(self) {
        self.changes.update_value(|changes| *changes += 1);
        let (change, name) = (self.changes.get_value(), self.name.get_value());
        spawn_local(async move {
            let _ = nap::pause(KEEP_MS).await;
            // It was changed again, or is over.
            if self.changes.try_get_value() == Some(change)
                && let Some(file) = self.file()
            {
                let _ = UNFINISHED.keep(&name, &file).await;
            }
        });
    }

    /// The mask as PNG.
    fn file(self) -> Option<Blob> {
        self.mask.with_value(|mask| file::of(mask, self.size))
    }

    /// Whether something was painted here that is nowhere else.
    fn would_lose(self) -> bool {
        self.mask.try_with_value(|mask| mask.steps().0 && !mask.is_empty()) == Some(true)
    }

    /// Changes the mask as a whole, and shows it.
    fn change(self, change: impl FnOnce(&mut Mask)) {
        self.end();
        self.mask.update_value(change);
        self.complaint.set(None);
        self.steps.set(self.mask.with_value(Mask::steps));
        self.show(self.mask.with_value(Mask::whole));
        self.keep_unfinished();
    }

    fn clear(self) {
        if !self.mask.with_value(Mask::is_empty) {
            self.change(|mask| {
                mask.begin_step();
                mask.clear();
            });
        }
    }

    fn show(self, area: Area) {
        let ink = canvas::ink(view::CANVAS).unwrap_or_default();
        let number = |number: usize| u32::try_from(number).unwrap_or(0);
        let rgba = self.mask.with_value(|mask| mask.shown(area, ink));
        let pixels = Pixels { width: number(area.width), height: number(area.height), rgba };
        canvas::put(view::CANVAS, &pixels, (number(area.x), number(area.y)));
    }

    /// Shows all of it once the canvas is there.
    fn show_soon(self) {
        request_animation_frame(move || {
            if let Some(area) = self.mask.try_with_value(Mask::whole) {
                self.show(area);
            }
        });
    }

    /// Takes a file in place of what was painted, if it can be a mask of this frame.
    fn upload(self, file: Blob) {
        spawn_local(async move {
            match self.read(&file).await {
                Ok(pixels) => {
                    let taken = self.mask.try_with_value(|_| ()).map(|()| {
                        self.change(|mask| {
                            mask.begin_step();
                            mask.load(&pixels.rgba);
                        });
                        self.mask.with_value(Mask::check)
                    });
                    if let Some(Err(useless)) = taken {
                        self.complaint.set(Some(useless.words().to_owned()));
                    }
                }
                Err(complaint) => drop(self.complaint.try_set(Some(complaint))),
            }
        });
    }

    async fn read(self, file: &Blob) -> Result<Pixels, String> {
        let size = file::size(file)
            .await
            .ok_or_else(|| "This file is no PNG picture. Choose a PNG, white where the speaker is.".to_owned())?;
        if let Some(why) = misfit(size, self.size) {
            return Err(why);
        }
        if !file::fits(size) {
            return Err("This picture is too large. Choose one of the video's own size.".to_owned());
        }
        canvas::pixels_of(file, self.size)
            .await
            .ok_or_else(|| "This picture cannot be read. It may be damaged.".to_owned())
    }

    /// Keeps the mask, if it is of use.
    fn save(self, closer: Closer<Blob>) {
        self.end();
        match self.mask.with_value(Mask::check) {
            Ok(()) => {
                if let Some(file) = self.file() {
                    closer.keep(file);
                }
            }
            Err(useless) => self.complaint.set(Some(useless.words().to_owned())),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact for any frame")]
fn pixels(number: u32) -> f32 {
    number as f32
}
