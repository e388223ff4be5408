//! One upload: what has arrived, how fast, what comes next. Who talks to the server is `workbench::courier`.

use contract::{Code, Problem};

use super::words;

/// Of the last so many milliseconds the rate is taken.
const WINDOW_MS: i64 = 6_000;
/// The first piece, the smallest and the largest, in bytes. Pieces grow while they take less than a second, so that the bar
/// moves on a slow line and a fast one is kept busy.
const PIECES: [u64; 3] = [512 << 10, 128 << 10, 8 << 20];
/// How long the answer to a piece may take, in milliseconds: longer than the server looks into the last one, and one more
/// for so many bytes, of a line that can just send the smallest.
const PATIENCE_MS: u64 = 35_000;
const BYTES_PER_MS: u64 = 64;
/// How often a server may lose an upload before it is taken for one that does not want it.
const BIRTHS_MAX: u8 = 3;

/// The face of an upload that has arrived.
pub const FINISHED: &str = "finished";
/// The face of one whose file has to be chosen again.
pub const LOST: &str = "lost";
/// The face of one that is on its way.
pub const MOVING: &str = "moving";
/// Begins the face of one whose file does not fit the others: sent again, it would fit no better.
pub const UNFIT: char = '\u{0}';

/// Where an upload is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// It waits for its turn.
    Waiting,
    /// The server is asked to begin one, or how much it has.
    Asking,
    /// Pieces are on their way.
    Sending,
    /// Something broke; it goes on by itself.
    Cut,
    /// Another tab sends the same file.
    Elsewhere,
    /// All of it has arrived.
    Finished,
    /// The server does not take it; in words.
    Refused(String),
    /// Some of it is missing, and this browser no longer has the file.
    Lost,
}

/// What has happened to an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It is its turn, or a pause is over.
    Begun,
    /// The server has so many bytes.
    At(u64),
    /// The server does not know it, or no longer.
    Gone,
    /// No answer, or one that is worth another try.
    Broke,
    /// The server says no, in these words.
    Refused(String),
    /// It says so of the file itself, which it will never take.
    Unusable(String),
    /// Another tab is at it.
    Taken,
    /// The browser has not kept the file.
    Unkept,
}

/// An upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Where it is.
    pub phase: Phase,
    /// The file's size.
    pub bytes: u64,
    /// How much the server has.
    pub offset: u64,
    piece: u64,
    births: u8,
    trial: u32,
    /// When how much had arrived.
    marks: Vec<(i64, u64)>,
}

impl Upload {
    /// One of a file of this size.
    pub fn new(bytes: u64) -> Self {
        Self { phase: Phase::Waiting, bytes, offset: 0, piece: PIECES[0], births: 0, trial: 0, marks: Vec::new() }
    }

    /// Whether it has an end, good or bad, that it does not leave by itself.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Finished | Phase::Refused(_) | Phase::Lost)
    }

    /// Whether somebody is at it.
    pub fn is_running(&self) -> bool {
        !self.is_over() && self.phase != Phase::Waiting
    }

    /// Takes in what has happened at `now_ms`.
    pub fn step(&mut self, event: Event, now_ms: i64) {
        self.phase = match event {
            Event::Begun => Phase::Asking,
            Event::At(offset) => {
                self.arrive(offset, now_ms);
                if offset >= self.bytes { Phase::Finished } else { Phase::Sending }
            }
            Event::Gone if self.births < BIRTHS_MAX => {
                self.births += 1;
                self.offset = 0;
                self.marks.clear();
                Phase::Asking
            }
            Event::Gone => Phase::Refused("The server does not keep this file.".to_owned()),
            Event::Broke => {
                self.trial += 1;
                self.marks.clear();
                // What takes too long is cut as well, and would be again.
                self.piece = (self.piece / 2).max(PIECES[1]);
                Phase::Cut
            }
            Event::Refused(why) | Event::Unusable(why) => Phase::Refused(why),
            Event::Taken => Phase::Elsewhere,
            Event::Unkept => Phase::Lost,
        };
    }

    fn arrive(&mut self, offset: u64, now_ms: i64) {
        if let Some((then_ms, before)) = self.marks.last().filter(|(_, before)| *before < offset) {
            let took_ms = now_ms - then_ms;
            if took_ms < 500 && offset - before >= self.piece {
                self.piece = (self.piece * 2).min(PIECES[2]);
            } else if took_ms > 2_000 {
                self.piece = (self.piece / 2).max(PIECES[1]);
            }
        }
        if offset > self.offset {
            self.trial = 0;
        }
        self.offset = offset;
        self.marks.retain(|(then_ms, _)| now_ms - then_ms <= WINDOW_MS);
        self.marks.push((now_ms, offset));
    }

    /// Where the next piece ends.
    pub fn piece_end(&self) -> u64 {
        (self.offset + self.piece).min(self.bytes)
    }

    /// How long the next piece may take.
    pub fn patience_ms(&self) -> u32 {
        let ms = PATIENCE_MS + self.piece_end().saturating_sub(self.offset) / BYTES_PER_MS;
        u32::try_from(ms).unwrap_or(u32::MAX)
    }

    /// How long to wait after a cut: 1 s at first, 15 s at most.
    pub fn pause_ms(&self) -> i32 {
        (1_000 << self.trial.saturating_sub(1).min(4)).min(15_000)
    }

    /// What is drawn of it: one of the words below, or why it was refused.
    pub fn face(&self) -> String {
        match &self.phase {
            Phase::Finished => FINISHED,
            Phase::Lost => LOST,
            Phase::Refused(why) => why,
            _ => MOVING,
        }
        .to_owned()
    }

    /// `3.1 of 8.4 MB · 1.2 MB/s · 5 s left`: a phone is not wide enough for more.
    pub fn words(&self) -> String {
        let (arrived, all) = (words::bytes(self.offset), words::bytes(self.bytes));
        let unit = all.find(' ').map_or("", |at| &all[at..]);
        let so_far = [arrived.strip_suffix(unit).unwrap_or(&arrived), " of ", &all].concat();
        match self.phase {
            Phase::Waiting => "Waits for its turn".to_owned(),
            // The first piece takes a while on a slow line.
            Phase::Asking | Phase::Sending if self.offset == 0 => ["Starting · ", &words::bytes(self.bytes)].concat(),
            Phase::Cut => so_far + " · Connection lost, goes on by itself",
            Phase::Elsewhere => so_far + " · Another tab is sending it",
            _ => match (self.rate(), self.left_s()) {
                (Some(rate), Some(left_s)) => {
                    [&so_far, " · ", &words::bytes(rate), "/s · ", &words::about(left_s), " left"].concat()
                }
                _ => so_far,
            },
        }
    }

    /// How many percent have arrived.
    pub fn percent(&self) -> u64 {
        (self.offset * 100).checked_div(self.bytes).unwrap_or(100)
    }

    /// Bytes in a second, of late.
    pub fn rate(&self) -> Option<u64> {
        let ((from_ms, from), (to_ms, to)) = (self.marks.first()?, self.marks.last()?);
        u64::try_from(to_ms - from_ms).ok().filter(|ms| *ms >= 300).map(|ms| to.saturating_sub(*from) * 1_000 / ms)
    }

    /// In how many seconds it has arrived, at this rate.
    pub fn left_s(&self) -> Option<u32> {
        let rate = self.rate().filter(|rate| *rate > 0)?;
        u32::try_from((self.bytes - self.offset).div_ceil(rate)).ok()
    }
}

/// What an answer means: its status, the offset in its head, and its problem, if it could be read.
pub fn event_of(status: u16, offset: Option<u64>, problem: Option<Problem>) -> Event {
    match (status, offset, problem) {
        (200..300, Some(offset), _) => Event::At(offset),
        (404 | 410, _, _) => Event::Gone,
        (409 | 423 | 425, _, _) => Event::Broke,
        (_, _, Some(problem)) => match problem.code {
            Code::RateLimited | Code::NotReady | Code::RequestTimeout | Code::Internal => Event::Broke,
            _ => {
                let why = problem.errors.into_iter().next().map_or(problem.detail, |error| error.detail);
                if matches!(status, 413 | 415 | 422) { Event::Unusable(why) } else { Event::Refused(why) }
            }
        },
        // The answer to a `HEAD` has no body to say why.
        (413, ..) => Event::Unusable("This file is too large for this server.".to_owned()),
        (415 | 422, ..) => Event::Unusable("This file is damaged, or of a type that is not taken.".to_owned()),
        _ => Event::Broke,
    }
}

/// What `Upload-Metadata` says of a file.
pub fn metadata(kind: &str, name: &str) -> String {
    let (kind, name) = (base64(kind.as_bytes()), base64(name.as_bytes()));
    [contract::upload::KIND, " ", &kind, ",", contract::upload::FILE_NAME, " ", &name].concat()
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        for nth in 0..4 {
            let digit = DIGITS[bits >> (18 - 6 * nth) & 63];
            text.push(if nth > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests;
