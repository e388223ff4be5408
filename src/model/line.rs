//! The line to the server's events: when it is opened, believed and given up. While it is not believed, the page asks.

/// How long an opened line may say nothing before something on the way keeps it from us. The server speaks at once.
const PATIENCE_MS: i64 = 10_000;
/// How long a line that has spoken may be silent. The server speaks every 15 s.
const SILENCE_MS: i64 = 40_000;
/// The pause before a broken line is opened again; doubled with each failure in a row.
const PAUSE_MS: i64 = 1_000;
/// How often it is doubled: once a minute, a line is tried for as long as the page is open.
const DOUBLED_AT_MOST: u32 = 6;

/// What there is to do about the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Open it.
    Open,
    /// Close it.
    Close,
    /// Nothing for so many milliseconds; for ever, where nobody looks.
    Wait(Option<i64>),
}

/// How the line is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    is_open: bool,
    has_spoken: bool,
    /// Of an open line: when it spoke last, or was opened. Of a closed one: when it may be opened.
    at_ms: i64,
    failures: u32,
}

impl Line {
    /// What to do now; `is_wanted` while somebody looks.
    pub fn step(&mut self, now_ms: i64, is_wanted: bool) -> Step {
        let limit_ms = match (self.is_open, self.has_spoken) {
            (false, _) => 0,
            (true, false) => PATIENCE_MS,
            (true, true) => SILENCE_MS,
        };
        let left_ms = self.at_ms + limit_ms - now_ms;
        match (self.is_open, is_wanted) {
            (false, false) => Step::Wait(None),
            (true, false) => {
                *self = Self::default();
                Step::Close
            }
            _ if left_ms > 0 => Step::Wait(Some(left_ms)),
            (true, true) => {
                self.broke(now_ms);
                Step::Close
            }
            (false, true) => {
                (self.is_open, self.has_spoken, self.at_ms) = (true, false, now_ms);
                Step::Open
            }
        }
    }

    /// It has spoken; tells whether these are its first words.
    pub fn spoke(&mut self, now_ms: i64) -> bool {
        (self.at_ms, self.failures) = (now_ms, 0);
        !std::mem::replace(&mut self.has_spoken, true)
    }

    /// It has ended, could not be opened, or is silent.
    pub fn broke(&mut self, now_ms: i64) {
        (self.is_open, self.at_ms) = (false, now_ms + (PAUSE_MS << self.failures));
        self.failures = (self.failures + 1).min(DOUBLED_AT_MOST);
    }

    /// Whether all that happens is told over it: nobody needs to ask.
    pub fn is_live(&self, now_ms: i64) -> bool {
        self.is_open && self.has_spoken && now_ms < self.at_ms + SILENCE_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken() -> Line {
        let mut line = Line::default();
        assert_eq!(line.step(0, true), Step::Open);
        line.spoke(5);
        line
    }

    #[test]
    fn a_line_is_believed_once_it_has_spoken_and_for_as_long_as_it_goes_on() {
        let mut line = Line::default();
        assert_eq!(line.step(0, true), Step::Open);
        assert!(!line.is_live(1));
        assert!(line.spoke(5));
        assert!(line.is_live(5) && line.is_live(40_004) && !line.is_live(40_005));
        assert!(!line.spoke(15_000));
        assert_eq!(line.step(40_005, true), Step::Wait(Some(14_995)));
    }

    #[test]
    fn a_line_that_stays_silent_is_given_up_and_tried_again_ever_less_often() {
        let (mut line, mut now_ms, mut pauses) = (Line::default(), 0, Vec::new());
        for _ in 0..8 {
            assert_eq!(line.step(now_ms, true), Step::Open);
            assert_eq!(line.step(now_ms, true), Step::Wait(Some(10_000)));
            now_ms += 10_000;
            assert_eq!(line.step(now_ms, true), Step::Close);
            let Step::Wait(Some(pause_ms)) = line.step(now_ms, true) else { panic!("it is not waited") };
            pauses.push(pause_ms / 1_000);
            now_ms += pause_ms;
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 64]);
    }

    #[test]
    fn a_line_that_was_cut_is_opened_again_soon() {
        let mut line = spoken();
        line.broke(60_000);
        assert!(!line.is_live(60_000));
        assert_eq!(line.step(60_000, true), Step::Wait(Some(1_000)));
        assert_eq!(line.step(61_000, true), Step::Open);
        assert!(line.spoke(61_500), "these are its first words");
    }

    #[test]
    fn nobody_who_does_not_look_has_a_line_and_who_looks_again_has_one_at_once() {
        let mut line = spoken();
        assert_eq!(line.step(10, false), Step::Close);
        assert_eq!(line.step(20, false), Step::Wait(None));
        assert_eq!(line.step(30, true), Step::Open);
    }
}
