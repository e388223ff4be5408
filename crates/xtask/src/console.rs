//! What the commands print: results and steps to standard output, complaints to standard error.

use std::env;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// Prints one line. A closed pipe is nobody's problem here.
pub(crate) fn say(line: impl Display) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Prints one line that stands out as the start of a step.
pub(crate) fn step(what: impl Display) {
    say(format_args!("==> {what}"));
}

/// Prints one line to standard error.
pub(crate) fn complain(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Whether programs that we read from may print in colour (<https://no-color.org>).
pub(crate) fn takes_colour() -> bool {
    let is_unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !is_unwanted && io::stdout().is_terminal() && io::stderr().is_terminal()
}

/// `7.3 s`, or `2 min 05 s`.
pub(crate) fn in_words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    if seconds < 60 {
        format!("{:.1} s", duration.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_reads_like_a_clock() {
        assert_eq!(in_words(Duration::from_millis(7_340)), "7.3 s");
        assert_eq!(in_words(Duration::from_secs(125)), "2 min 05 s");
    }
}
