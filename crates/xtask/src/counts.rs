//! Reads how many tests passed and failed from what the test runners print.

use std::ops::AddAssign;

/// How many passed and how many failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Held what they promise.
    pub(crate) passed: u32,
    /// Did not, or could not be run.
    pub(crate) failed: u32,
}

impl Counts {
    /// One check that stands for itself.
    pub(crate) fn of_one(has_passed: bool) -> Self {
        Self { passed: has_passed.into(), failed: (!has_passed).into() }
    }

    /// A runner that failed without a failed test, as when its tests do not compile, counts as one failure.
    pub(crate) fn blaming(mut self, succeeded: bool) -> Self {
        if !succeeded && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// From cargo-nextest: `Summary [ 0.5s] 12 tests run: 10 passed (1 slow), 2 failed, 1 timed out, 0 skipped`.
pub(crate) fn of_nextest(text: &str) -> Counts {
    let text = without_colour(text);
    let Some(summary) = text.lines().rev().find(|line| line.trim_start().starts_with("Summary [")) else {
        return Counts::default();
    };
    Counts {
        passed: number_before(summary, "passed"),
        failed: ["failed", "timed out", "exec failed"].iter().map(|word| number_before(summary, word)).sum(),
    }
}

/// From the test program of Rust itself: `test result: ok. 3 passed; 0 failed; 0 ignored; ...`, once a program.
pub(crate) fn of_libtest(text: &str) -> Counts {
    let mut counts = Counts::default();
    for result in without_colour(text).lines().filter(|line| line.starts_with("test result:")) {
        counts += Counts { passed: number_before(result, "passed"), failed: number_before(result, "failed") };
    }
    counts
}

/// From the last line of `torture`: `13 points held, 1 broken`.
pub(crate) fn of_torture(text: &str) -> Counts {
    let last = text.lines().rev().find(|line| line.contains("points held")).unwrap_or_default();
    Counts { passed: number_before(last, "points held"), failed: number_before(last, "broken") }
}

/// From Playwright's JSON report: `"stats": { "expected": 9, "skipped": 0, "unexpected": 1, "flaky": 0 }`. One that passed only at
/// a second try has not kept its promise.
pub(crate) fn of_playwright(json: &str) -> Counts {
    let stats = json.rsplit_once("\"stats\"").map_or("", |(_, stats)| stats);
    let field = |name: &str| {
        let after = stats.split_once(&format!("\"{name}\":")).map_or("", |(_, after)| after.trim_start());
        after.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
    };
    Counts { passed: field("expected"), failed: field("unexpected") + field("flaky") }
}

fn number_before(line: &str, word: &str) -> u32 {
    let before = line.split([',', ';', ':', '.']).find_map(|part| {
        let (before, after) = part.trim().split_once(word)?;
        let stands_alone = after.is_empty() || after.starts_with(' ');
        stands_alone.then(|| before.trim().rsplit(' ').next()?.parse().ok())?
    });
    before.unwrap_or(0)
}

fn without_colour(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_is_read_with_its_details_and_colours() {
        let text =
            "     Summary [   0.512s] 13 tests run: 10 passed (1 slow), 2 failed, 1 timed out, 4 skipped\n  FAIL x\n";
        assert_eq!(of_nextest(text), Counts { passed: 10, failed: 3 });
        let coloured = "\u{1b}[32;1m     Summary\u{1b}[0m [ 0.1s] \u{1b}[1m2\u{1b}[0m tests run: \u{1b}[1m2\u{1b}[0m passed, 0 skipped";
        assert_eq!(of_nextest(coloured), Counts { passed: 2, failed: 0 });
        assert_eq!(of_nextest("error: could not compile"), Counts::default());
    }

    #[test]
    fn every_program_of_a_plain_run_counts() {
        let text = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.1s\n\
                    test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n";
        assert_eq!(of_libtest(text), Counts { passed: 5, failed: 1 });
    }

    #[test]
    fn a_point_counts_as_a_test() {
        let text = "C5  accepted, answer unread  3  3  6  0\n48 kills in 60 s; seed 1\n13 points held, 1 broken\n";
        assert_eq!(of_torture(text), Counts { passed: 13, failed: 1 });
        assert_eq!(of_torture("error: it cannot be started"), Counts::default());
    }

    #[test]
    fn a_flaky_browser_test_is_a_failure() {
        let json = r#"{ "suites": [], "stats": { "duration": 12.5, "expected": 9, "skipped": 1, "unexpected": 2, "flaky": 1 } }"#;
        assert_eq!(of_playwright(json), Counts { passed: 9, failed: 3 });
    }

    #[test]
    fn a_runner_that_cannot_run_is_one_failure() {
        assert_eq!(Counts::default().blaming(false).failed, 1);
        assert_eq!(Counts { passed: 1, failed: 2 }.blaming(false).failed, 2);
    }
}
