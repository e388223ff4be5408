//! Looking into files and behind links.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use crate::browser::nap::Nap;
use crate::browser::probe::{Access, Opened};
use crate::browser::workbench::{Blob, Look, Source};
use crate::browser::{audio, blob};
use crate::model::container::{BOX_HEAD_BYTES, BoxHead, Tracks, declared_bytes};
use crate::model::fps;
use crate::model::look::{Facts, LookError, VideoFacts, VoiceFacts, is_decodable};

/// Enough to see how long a file says that it is.
const FIRST_BYTES: u64 = 256;
/// How many boxes of a file are gone through. Fragmented ones have thousands; their head comes first.
const MOST_BOXES: usize = 100;
/// The largest table of contents that is read: a day of film has one of 20 MB.
const MOST_MOOV_BYTES: u64 = 64_000_000;

/// How many voices are decoded at once: ten minutes of one are 40 MB, and fifty may be dropped together.
const VOICES_AT_ONCE: usize = 2;

thread_local! {
    static TURNS: Cell<usize> = const { Cell::new(0) };
    static WAITING: RefCell<VecDeque<Nap>> = const { RefCell::new(VecDeque::new()) };
}

/// The right to decode a voice now. Handed on when it is dropped, in the order in which it was asked for.
struct Turn;

impl Turn {
    async fn take() -> Self {
        if TURNS.get() < VOICES_AT_ONCE {
            TURNS.set(TURNS.get() + 1);
        } else {
            let nap = Nap::new();
            WAITING.with_borrow_mut(|waiting| waiting.push_back(nap));
            let _ = nap.sleep(None).await;
        }
        Self
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        match WAITING.with_borrow_mut(VecDeque::pop_front) {
            Some(next) => next.wake(),
            None => TURNS.set(TURNS.get() - 1),
        }
    }
}

/// Looks into a source as a video.
pub(super) async fn video(source: Source) -> Result<Look, LookError> {
    let (opened, tracks) = open(&source).await?;
    let (width, height) = opened.size().ok_or(LookError::NoPicture)?;
    let duration_ms = opened.duration_ms().await;
    let frame = opened.first_frame().await;
    let mut facts = VideoFacts { width, height, duration_ms, fps: None, has_sound: None };
    if let Some(tracks) = tracks {
        (facts.fps, facts.has_sound) = (tracks.fps.map(fps::usual), Some(tracks.has_sound));
    }
    if facts.fps.is_none() {
        facts.fps = fps::from_times(&opened.frame_times_s().await);
        facts.has_sound = facts.has_sound.or_else(|| opened.has_sound());
    }
    Ok(Look { facts: Facts::Video(facts), frame })
}

/// Looks into a source as a voice, when it is its turn.
pub(super) async fn voice(source: Source) -> Result<Look, LookError> {
    let _turn = Turn::take().await;
    let source = match source {
        // What our own server has may be read, as a file of a dub that is edited again.
        Source::Link(link) if link.starts_with('/') => match blob::fetch(&link).await {
            Some(file) => Source::File(file),
            None => Source::Link(link),
        },
        source => source,
    };
    let (opened, tracks) = open(&source).await?;
    let mut facts = VoiceFacts { duration_ms: opened.duration_ms().await, sound: None };
    let has_picture = opened.size().is_some();
    drop(opened);
    if tracks.is_some_and(|tracks| !tracks.has_sound) {
        return Err(LookError::NoSound);
    }
    if let Source::File(file) = &source
        && is_decodable(facts.duration_ms, blob::size_bytes(file))
    {
        let silence = if has_picture { LookError::NoSound } else { LookError::Unreadable };
        let (duration_ms, sound) = audio::listen(file).await.ok_or(silence)?;
        facts = VoiceFacts { duration_ms: Some(duration_ms), sound: Some(sound) };
    }
    Ok(Look { facts: Facts::Voice(facts), frame: None })
}

/// Reads the head. Where a link's frames may not be read, its length and size mostly may.
async fn open(source: &Source) -> Result<(Opened, Option<Tracks>), LookError> {
    match source {
        Source::File(file) if blob::size_bytes(file) == 0 => Err(LookError::Empty),
        Source::File(file) => {
            let tracks = unpack(file).await?;
            Ok((Opened::file(file).await.ok_or(LookError::Unreadable)?, tracks))
        }
        Source::Link(link) => match Opened::link(link, Access::Whole).await {
            Some(opened) => Ok((opened, None)),
            None => Opened::link(link, Access::Head).await.map(|opened| (opened, None)).ok_or(LookError::Closed),
        },
    }
}

/// Reads what the container tells; [`LookError::Unreadable`] if the file was cut off.
async fn unpack(file: &Blob) -> Result<Option<Tracks>, LookError> {
    let size_bytes = blob::size_bytes(file);
    let first = blob::read(file, 0, FIRST_BYTES).await;
    if declared_bytes(&first).is_some_and(|declared| declared > size_bytes) {
        return Err(LookError::Unreadable);
    }
    if !BoxHead::read(&first).is_some_and(BoxHead::is_first) {
        return Ok(None);
    }
    let (mut at, mut tracks) = (0, None);
    for _ in 0..MOST_BOXES {
        let Some(head) = BoxHead::read(&blob::read(file, at, BOX_HEAD_BYTES).await) else { break };
        let end = if head.size_bytes == 0 { size_bytes } else { at.saturating_add(head.size_bytes) };
        if end > size_bytes {
            return Err(LookError::Unreadable);
        }
        if &head.kind == b"moov" && head.size_bytes <= MOST_MOOV_BYTES {
            tracks = Some(Tracks::read(&blob::read(file, at + head.head_bytes, end - at - head.head_bytes).await));
        }
        at = end;
    }
    Ok(tracks)
}
