//! The workbench: what only some visits need. A wasm of its own, which the page loads when it is first asked for.
//!
//! It answers the page's calls, [`crate::browser::workbench`], one after the other or at once.

mod choose;
mod courier;
mod dialog;
mod look;
mod mask;
mod preview;
mod recorder;

use wasm_bindgen::JsValue;

use crate::browser::files;
use crate::browser::workbench::Recording;
use crate::browser::workbench::seam::{self, Job};

/// Tells the page that it is here.
pub fn start() {
    crate::browser::workbench::serve::announce(|job, one, other| Box::pin(work(job, one, other)));
}

async fn work(job: Job, one: JsValue, other: JsValue) -> JsValue {
    match job {
        Job::LookAsVideo => seam::write_look(look::video(courier::at_hand(seam::read_source(one))).await),
        Job::LookAsVoice => seam::write_look(look::voice(courier::at_hand(seam::read_source(one))).await),
        Job::Record => seam::write_recording(
            recorder::open().await.map(|made| Recording { blob: files::named(made.blob, "Recording.wav"), ..made }),
        ),
        Job::Paint => match seam::read_blob(one) {
            Some(frame) => {
                let kept = courier::at_hand(seam::read_source(other));
                mask::open(frame, kept).await.map(|made| files::named(made, "Mask.png")).into()
            }
            None => JsValue::NULL,
        },
        Job::Sort => {
            let (wanted, limits, room) = seam::read_room(&other);
            choose::sort(&one, wanted, limits, room).await
        }
        Job::Send => {
            let (files, frame) = seam::read_sent(&one);
            courier::follow(files, frame, other);
            JsValue::NULL
        }
        Job::Retry => {
            courier::retry(&one.as_string().unwrap_or_default());
            JsValue::NULL
        }
        Job::Preview => {
            preview::show(&one.as_string().unwrap_or_default());
            JsValue::NULL
        }
    }
}
