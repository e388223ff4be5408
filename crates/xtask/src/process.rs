//! Other programs: finding them, running them, reading what they print.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use crate::failure;
use crate::failure::{At, Outcome};
use crate::workspace;

/// The name that holds the paid key.
pub(crate) const KEY: &str = "EACHLABS_API_KEY";

/// A command at the checkout's top. It does not see the paid key: only the server may.
pub(crate) fn command(program: impl AsRef<Path>) -> Command {
    let mut command = Command::new(program.as_ref());
    command.current_dir(workspace::root()).env_remove(KEY);
    command
}

/// `cargo` with these words.
pub(crate) fn cargo(words: &[&str]) -> Command {
    let mut cargo = command(env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from));
    cargo.args(words);
    cargo
}

/// Runs to the end; what it prints is seen.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().at(line(command))?;
    if status.success() { Ok(()) } else { Err(failure!("`{}` ended with {status}.", line(command))) }
}

/// What it prints to standard output, if it can be run and succeeds.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs to the end; what it prints is seen and also returned, with whether it succeeded.
pub(crate) fn run_reading(command: &mut Command) -> Outcome<(bool, String)> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().at(line(command))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let errors = thread::spawn(move || pass_on(stderr, &mut std::io::stderr()));
    let mut text = pass_on(stdout, &mut std::io::stdout());
    let status = child.wait().at(line(command))?;
    text.push_str(&errors.join().unwrap_or_default());
    Ok((status.success(), text))
}

fn pass_on(from: Option<impl Read>, to: &mut impl Write) -> String {
    let mut text = String::new();
    let Some(from) = from else { return text };
    let mut from = BufReader::new(from);
    let mut bytes = Vec::new();
    while from.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
        let _ = to.write_all(&bytes).and_then(|()| to.flush());
        text.push_str(&String::from_utf8_lossy(&bytes));
        bytes.clear();
    }
    text
}

/// The first program of this name on PATH.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// The command as it would be typed.
fn line(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words: Vec<_> = std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_program_is_named_as_typed() {
        let failure = run(command("/bin/sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(failure.0, "`sh -c exit 3` ended with exit status: 3.");
    }

    #[test]
    fn both_streams_are_read() {
        let (succeeded, text) = run_reading(command("/bin/sh").args(["-c", "echo one; echo two >&2"])).unwrap();
        assert!(succeeded && text.contains("one") && text.contains("two"));
    }
}
