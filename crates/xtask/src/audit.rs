//! `cargo xtask audit`: what we take from others. Not part of the test command, whose set-up stays short.

use crate::failure;
use crate::failure::Outcome;
use crate::tools::{self, CARGO_DENY, CARGO_MACHETE};
use crate::{console, process};

/// Runs every check, and fails if one of them did. A database of advisories that cannot be reached is said, not failed.
pub(crate) fn run() -> Outcome {
    let path = tools::path_with(&[CARGO_DENY, CARGO_MACHETE])?;
    let audit = |words: &[&str]| process::run(process::cargo(words).env("PATH", &path));
    // Called by its own name: as a word of cargo's it takes that word for a folder.
    let unused = || process::run(process::command("cargo-machete").arg("--skip-target-dir").env("PATH", &path));

    console::step("Licences, bans and sources");
    let deny = audit(&["deny", "--all-features", "check", "licenses", "bans", "sources"]);
    console::step("Unused dependencies");
    let machete = unused();
    console::step("Known vulnerabilities");
    let advisories = if audit(&["deny", "fetch", "db"]).is_ok() {
        audit(&["deny", "--all-features", "check", "--disable-fetch", "advisories"])
    } else {
        console::say("Not checked: the database of advisories cannot be reached from here.");
        Ok(())
    };
    let failures: Vec<String> =
        [deny, machete, advisories].into_iter().filter_map(|outcome| Some(outcome.err()?.0)).collect();
    if failures.is_empty() { Ok(()) } else { Err(failure!("{}", failures.join("\n"))) }
}
