//! The free preview: what its signals are, and what happens when something is pressed or played. Nobody is asked for it.

mod view;

use std::cell::RefCell;

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;

use crate::browser::duet::{Duet, Ground};
use crate::browser::workbench::seam::{self, PREVIEW};

/// As fast as it was spoken, in percent.
const USUAL: u32 = 100;

/// What is shown, and where.
struct Shown {
    ground: Ground,
    player: Player,
    _view: UnmountHandle<AnyViewState>,
    _owner: Owner,
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.player.is_playing.set(false);
        self.player.with(Duet::let_go);
        self.ground.uncover();
    }
}

thread_local! {
    static SHOWN: RefCell<Option<Shown>> = const { RefCell::new(None) };
}

/// Shows what the page has written, or lets go of what is shown. A new picture comes with a new ground; on the same one only
/// the voice is another.
pub(super) fn show(previewed: &str) {
    let (Some((picture, voice, name)), Some(ground)) = (seam::read_previewed(previewed), Ground::find(PREVIEW)) else {
        return drop(SHOWN.take());
    };
    let known = SHOWN.with_borrow(|shown| Some(shown.as_ref().filter(|shown| shown.ground == ground)?.player));
    if let Some(player) = known {
        return player.take(voice, name);
    }
    drop(SHOWN.take());
    let owner = Owner::new();
    let player = owner.with(|| Player::new(voice, name));
    let picture = picture.to_owned();
    let view = mount_to(ground.cover(), move || view::preview(player, picture));
    player.duet.set_value(Duet::find());
    SHOWN.set(Some(Shown { ground, player, _view: view, _owner: owner }));
}

/// What cannot be played here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Picture,
    Voice,
}

/// The signals of the preview.
#[derive(Debug, Clone, Copy)]
struct Player {
    /// The voice's address; empty while there is none.
    voice: RwSignal<String>,
    /// What the voice is called.
    name: RwSignal<String>,
    /// Whether it is meant to play; it may have to wait.
    is_playing: RwSignal<bool>,
    at_ms: RwSignal<i64>,
    /// How long the voice and the picture are.
    lengths_ms: RwSignal<[Option<i64>; 2]>,
    /// How fast it is played, in percent.
    rate: RwSignal<u32>,
    /// Whether the picture is over and its last frame holds.
    is_held: RwSignal<bool>,
    /// Whether the voice is silenced.
    is_silent: RwSignal<bool>,
    trouble: RwSignal<Option<Trouble>>,
    /// Where the last voice was, until the next one is there.
    left_ms: StoredValue<i64>,
    /// Whether a frame has been asked for.
    is_ticking: StoredValue<bool>,
    /// Whether the voice was sent to its end, where it tells its length.
    is_measured: StoredValue<bool>,
    duet: StoredValue<Option<Duet>, LocalStorage>,
}

impl Player {
    fn new(voice: &str, name: &str) -> Self {
        Self {
            voice: RwSignal::new(voice.to_owned()),
            name: RwSignal::new(name.to_owned()),
            is_playing: RwSignal::new(false),
            at_ms: RwSignal::new(0),
            lengths_ms: RwSignal::new([None; 2]),
            rate: RwSignal::new(USUAL),
            is_held: RwSignal::new(false),
            is_silent: RwSignal::new(false),
            trouble: RwSignal::new(None),
            left_ms: StoredValue::new(0),
            is_ticking: StoredValue::new(false),
            is_measured: StoredValue::new(false),
            duet: StoredValue::new_local(None),
        }
    }

    fn with(self, act: impl FnOnce(&Duet)) {
        // An event may come when all of it has gone.
        if let Some(duet) = self.duet.try_get_value().flatten() {
            act(&duet);
        }
    }

    /// Takes another voice, and goes on where the last one was.
    fn take(self, voice: &str, name: &str) {
        if *self.name.read_untracked() != name {
            self.name.set(name.to_owned());
        }
        if *self.voice.read_untracked() != voice {
            self.trouble.update(|trouble| *trouble = trouble.filter(|trouble| *trouble == Trouble::Picture));
            self.is_measured.set_value(false);
            self.with(Duet::expect_another);
            self.left_ms.set_value(self.at_ms.get_untracked());
            self.voice.set(voice.to_owned());
        }
    }

    /// Plays or pauses; from the start where it was over.
    fn toggle(self) {
        if self.is_playing.get_untracked() {
            self.stop();
        } else if self.trouble.get_untracked().is_none() && !self.voice.read_untracked().is_empty() {
            self.with(|duet| {
                if duet.has_ended() {
                    duet.seek(0);
                }
                duet.play();
            });
            self.is_playing.set(true);
            self.tick();
        }
    }

    fn stop(self) {
        self.is_playing.set(false);
        self.with(Duet::pause);
        self.look();
    }

    /// Goes to a moment of the voice.
    fn go(self, to_ms: i64) {
        let to_ms = to_ms.clamp(0, self.length_ms().unwrap_or(0));
        self.with(|duet| duet.seek(to_ms));
        self.look();
    }

    fn set_rate(self, rate: u32) {
        self.rate.set(rate);
        self.with(|duet| duet.set_rate(f64::from(rate) / f64::from(USUAL)));
    }

    fn toggle_sound(self) {
        self.is_silent.update(|is_silent| *is_silent = !*is_silent);
        self.with(|duet| duet.set_silent(self.is_silent.get_untracked()));
    }

    fn length_ms(self) -> Option<i64> {
        self.lengths_ms.read_untracked()[0]
    }

    /// Goes along with every frame for as long as it plays.
    fn tick(self) {
        if self.is_ticking.try_get_value() != Some(false) {
            return;
        }
        self.follow();
        if self.is_playing.try_get_untracked() == Some(true) {
            self.is_ticking.set_value(true);
            request_animation_frame(move || {
                if self.is_ticking.try_set_value(false).is_none() {
                    self.tick();
                }
            });
        }
    }

    /// Keeps picture and voice together; of a page that nobody sees no frame is drawn, but its voice goes on.
    fn follow(self) {
        if self.is_playing.try_get_untracked() == Some(true) {
            self.with(|duet| if duet.has_ended() || duet.was_stopped() { self.stop() } else { duet.tick() });
        }
        self.look();
    }

    /// Shows where it is.
    fn look(self) {
        self.with(|duet| {
            let (at_ms, is_held) = (duet.at_ms(), duet.is_held());
            if self.at_ms.try_get_untracked().is_some_and(|known| known != at_ms) {
                self.at_ms.set(at_ms);
            }
            if self.is_held.try_get_untracked().is_some_and(|known| known != is_held) {
                self.is_held.set(is_held);
            }
        });
    }

    /// The picture or the voice tells its length.
    fn learn(self) {
        self.with(|duet| {
            if duet.is_endless() && !self.is_measured.get_value() {
                self.is_measured.set_value(true);
                duet.seek(i64::from(i32::MAX));
            } else if self.is_measured.get_value() && !duet.is_endless() {
                self.is_measured.set_value(false);
                duet.seek(0);
            }
            self.lengths_ms.set(duet.lengths_ms());
        });
    }

    /// A voice is there: at the moment of the last one, if it has that, and as fast.
    fn begin(self) {
        self.learn();
        self.set_rate(self.rate.get_untracked());
        let left_ms = self.left_ms.get_value();
        self.left_ms.set_value(0);
        if self.length_ms().is_some_and(|length_ms| 0 < left_ms && left_ms < length_ms) {
            self.go(left_ms);
        }
    }

    /// One of the two cannot be played.
    fn fail(self, trouble: Trouble) {
        self.stop();
        self.trouble.set(Some(trouble));
    }
}
