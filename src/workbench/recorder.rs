//! The recorder: what its signals are, and what happens when something is pressed or heard.

mod view;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::dialog::{self, Closer};
use crate::browser::object_url::ObjectUrl;
use crate::browser::recorder::{Device, Microphone, Tape, devices};
use crate::browser::workbench::Recording;
use crate::browser::{audio, page};
use crate::model::look::Sound;
use crate::model::recording::{self, Event, HEARD, LIMIT_MS, Phase, UNHEARD_MS};
use crate::model::wav;

/// Opens the recorder; comes back when it is closed, with what was kept.
pub(super) async fn open() -> Option<Recording> {
    dialog::open("Record a voice", "dialog", |closer| {
        let recorder = Recorder::new();
        recorder.ask(None);
        (view::recorder(recorder, closer), move || recorder.would_lose())
    })
    .await
}

/// The signals of an open recorder.
#[derive(Debug, Clone, Copy)]
struct Recorder {
    phase: RwSignal<Phase>,
    /// How far the meter goes, 0 to 100.
    level: RwSignal<u32>,
    kept_ms: RwSignal<i64>,
    /// Whether nothing was heard for a while.
    is_unheard: RwSignal<bool>,
    devices: RwSignal<Vec<Device>>,
    /// The id of the one that listens.
    device: RwSignal<String>,
    result: RwSignal<Option<Outcome>>,
    inside: StoredValue<Inside, LocalStorage>,
}

/// What there is to listen to when a recording is over.
#[derive(Debug, Clone)]
struct Outcome {
    address: String,
    duration_ms: i64,
    /// `None` while it is looked at, and where the browser cannot read what it has recorded.
    sound: Option<Sound>,
}

/// What is no signal.
#[derive(Debug, Default)]
struct Inside {
    microphone: Option<Microphone>,
    samples_per_second: u32,
    tape: Tape,
    unheard_samples: u32,
    file: Option<(Recording, ObjectUrl)>,
}

impl Recorder {
    fn new() -> Self {
        Self {
            phase: RwSignal::new(Phase::Asking),
            level: RwSignal::new(0),
            kept_ms: RwSignal::new(0),
            is_unheard: RwSignal::new(false),
            devices: RwSignal::new(Vec::new()),
            device: RwSignal::new(String::new()),
            result: RwSignal::new(None),
            inside: StoredValue::new_local(Inside::default()),
        }
    }

    fn step(self, event: Event) {
        let (before, after) = (self.phase.get_untracked(), self.phase.get_untracked().step(event));
        if before != after {
            self.phase.set(after);
            match after {
                Phase::Ready if before == Phase::Asking => page::focus_soon(view::MAIN.to_owned()),
                Phase::Blocked(_) => page::focus_soon(view::AGAIN.to_owned()),
                Phase::Done(_) => self.finish(),
                _ => {}
            }
        }
    }

    /// Asks for a microphone, and forgets what was recorded.
    fn ask(self, id: Option<String>) {
        self.inside.set_value(Inside::default());
        self.result.set(None);
        self.kept_ms.set(0);
        self.is_unheard.set(false);
        self.step(Event::MicrophoneAsked);
        spawn_local(async move {
            let opened = Microphone::open(
                id.as_deref(),
                move |samples| self.hear(&samples),
                move || {
                    self.step(Event::MicrophoneLost);
                },
            );
            let opened = opened.await;
            // It may have been closed meanwhile: then the microphone is let go of here.
            if self.phase.try_get_untracked() != Some(Phase::Asking) {
                return;
            }
            match opened {
                Ok(microphone) => {
                    self.device.set(microphone.device_id());
                    self.inside.update_value(|inside| {
                        inside.samples_per_second = microphone.samples_per_second();
                        inside.microphone = Some(microphone);
                    });
                    self.step(Event::MicrophoneOpened);
                    // They have names only now.
                    let found = devices().await;
                    let _ = self.devices.try_set(found);
                }
                Err(block) => self.step(Event::MicrophoneBlocked(block)),
            }
        });
    }

    /// Takes what the microphone hears.
    fn hear(self, samples: &[f32]) {
        let Some(phase) = self.phase.try_get_untracked() else { return };
        let level = recording::level(samples);
        self.level.set(recording::meter(level));
        let mut kept_ms = 0;
        let mut is_unheard = false;
        self.inside.update_value(|inside| {
            let Inside { tape, samples_per_second, unheard_samples, .. } = inside;
            let count = u32::try_from(samples.len()).unwrap_or(0);
            *unheard_samples = if level < HEARD { unheard_samples.saturating_add(count) } else { 0 };
            is_unheard = wav::duration_ms(*unheard_samples, *samples_per_second) >= UNHEARD_MS;
            if phase == Phase::Recording {
                tape.add(recording::fitting(samples, tape.samples(), *samples_per_second));
            }
            kept_ms = wav::duration_ms(tape.samples(), *samples_per_second);
        });
        if self.is_unheard.get_untracked() != is_unheard {
            self.is_unheard.set(is_unheard);
        }
        // Twenty times a second nobody can read.
        if self.kept_ms.get_untracked() / 1_000 != kept_ms / 1_000 {
            self.kept_ms.set(kept_ms);
        }
        if kept_ms >= LIMIT_MS {
            self.step(Event::LimitReached);
        }
    }

    /// Lets go of the microphone, and makes a file of what was kept.
    fn finish(self) {
        spawn_local(async move {
            let mut made = None;
            self.inside.try_update_value(|inside| {
                inside.microphone = None;
                let duration_ms = wav::duration_ms(inside.tape.samples(), inside.samples_per_second);
                let blob = inside.tape.file(inside.samples_per_second)?;
                let url = ObjectUrl::of(&blob)?;
                made = Some((url.as_str().to_owned(), duration_ms, blob.clone()));
                inside.file = Some((Recording { blob, duration_ms }, url));
                Some(())
            });
            let Some((address, duration_ms, blob)) = made else { return };
            let outcome = Outcome { address, duration_ms, sound: None };
            self.result.set(Some(outcome.clone()));
            page::focus_soon(view::LISTEN.to_owned());
            let sound = audio::listen(&blob).await.map(|(_, sound)| sound);
            // Whoever records again meanwhile has no more use for it.
            self.result.try_update(|result| {
                if let Some(result) = result.as_mut().filter(|result| result.address == outcome.address) {
                    result.sound = sound;
                }
            });
        });
    }

    /// Whether anything is recorded.
    fn would_lose(self) -> bool {
        self.inside.try_with_value(|inside| inside.tape.samples() > 0) == Some(true)
    }

    fn keep(self, closer: Closer<Recording>) {
        let file = self.inside.with_value(|inside| inside.file.as_ref().map(|(recording, _)| recording.clone()));
        if let Some(recording) = file {
            closer.keep(recording);
        }
    }
}
