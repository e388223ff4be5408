//! Reads a command line: one command, then `--name value`, `--name=value`, switches and plain words.

use std::env;
use std::str::FromStr;

use crate::failure;
use crate::failure::Outcome;

/// What is left of a command line.
#[derive(Debug)]
pub(crate) struct Args(Vec<String>);

impl Args {
    /// The command line of this process.
    pub(crate) fn from_env() -> Self {
        Self(env::args().skip(1).collect())
    }

    /// Takes the command; none if help is asked for, or nothing at all.
    pub(crate) fn command(&mut self) -> Option<String> {
        let first = self.0.first()?.clone();
        let asks_help = self.0.iter().any(|arg| arg == "--help" || arg == "-h") && first != "e2e";
        if asks_help || first == "help" || first.starts_with('-') {
            return None;
        }
        Some(self.0.remove(0))
    }

    /// Takes the value of `--name`, or none if the option is not there.
    pub(crate) fn option<T: FromStr>(&mut self, name: &str) -> Outcome<Option<T>> {
        let Some(at) = self
            .0
            .iter()
            .position(|arg| arg.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('=')))
        else {
            return Ok(None);
        };
        let given = self.0.remove(at);
        let value = match given.split_once('=') {
            Some((_, value)) => value.to_owned(),
            None if at < self.0.len() => self.0.remove(at),
            None => return Err(failure!("{name} needs a value.")),
        };
        value.parse().map(Some).map_err(|_| failure!("{name} cannot be `{value}`."))
    }

    /// Takes a switch: whether it was there.
    pub(crate) fn switch(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|arg| arg != name);
        self.0.len() != before
    }

    /// Takes the next plain word.
    pub(crate) fn word(&mut self) -> Option<String> {
        let at = self.0.iter().position(|arg| !arg.starts_with('-'))?;
        Some(self.0.remove(at))
    }

    /// All that is left, for another program to read.
    pub(crate) fn rest(self) -> Vec<String> {
        self.0
    }

    /// Refuses what nobody took.
    pub(crate) fn end(self) -> Outcome {
        match self.0.first() {
            None => Ok(()),
            Some(extra) => Err(failure!("`{extra}` is not an option here: `cargo xtask --help` lists them.")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn options_come_in_both_spellings() {
        let mut args = args("run --port 9000 --data=/tmp/x");
        assert_eq!(args.command().as_deref(), Some("run"));
        assert_eq!(args.option::<u16>("--port").unwrap(), Some(9000));
        assert_eq!(args.option::<String>("--data").unwrap().as_deref(), Some("/tmp/x"));
        assert_eq!(args.option::<u32>("--predict-seconds").unwrap(), None);
        args.end().unwrap();
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(args("--port x").option::<u16>("--port").unwrap_err().0, "--port cannot be `x`.");
        assert_eq!(args("--port").option::<u16>("--port").unwrap_err().0, "--port needs a value.");
        assert!(args("--colour").end().unwrap_err().0.starts_with("`--colour` is not"));
    }

    #[test]
    fn help_wins_but_for_the_browser_tests() {
        assert_eq!(args("run --help").command(), None);
        assert_eq!(args("").command(), None);
        assert_eq!(args("e2e --help").command().as_deref(), Some("e2e"));
    }
}
