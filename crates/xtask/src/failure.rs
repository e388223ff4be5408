//! The one error of the commands: a sentence for the person who called them.

use std::fmt;
use std::io;

/// Why a command stopped, in words that say what to do about it.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) String);

impl Failure {
    /// One that the command has already told about.
    pub(crate) fn told() -> Self {
        Self(String::new())
    }
}

/// What a step of a command returns.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self(error.to_string())
    }
}

/// A [`Failure`] from a format string.
#[macro_export]
macro_rules! failure {
    ($($part:tt)*) => { $crate::failure::Failure(format!($($part)*)) };
}

/// Says where an input or output error happened.
pub(crate) trait At<T> {
    /// Puts `what` in front of the error's own words.
    fn at(self, what: impl fmt::Display) -> Outcome<T>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, what: impl fmt::Display) -> Outcome<T> {
        self.map_err(|error| Failure(format!("{what}: {error}")))
    }
}
