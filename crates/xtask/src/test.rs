//! `cargo xtask test`: every proof there is, in the order in which a mistake is found soonest.

use std::time::{Duration, Instant};

use crate::build::Profile;
use crate::counts::{self, Counts};
use crate::failure::{Failure, Outcome};
use crate::{build, check, console, e2e, process, size, system, torture};

/// What has been proved so far. A failed stage does not stop the others.
#[derive(Debug, Default)]
struct Report {
    stages: Vec<(&'static str, String, Duration)>,
    counts: Counts,
}

impl Report {
    /// Runs tests and adds their counts.
    fn tests(&mut self, name: &'static str, stage: impl FnOnce() -> Outcome<Counts>) {
        console::step(name);
        let started = Instant::now();
        let counts = stage().unwrap_or_else(|failure| {
            console::complain(failure);
            Counts::of_one(false)
        });
        let result = format!("{} passed, {} failed", counts.passed, counts.failed);
        console::say(format_args!("    {name}: {result} in {}", console::in_words(started.elapsed())));
        self.counts += counts;
        self.stages.push((name, result, started.elapsed()));
    }

    /// Runs a check that counts as one, and gives what it made.
    fn check<T>(&mut self, name: &'static str, stage: impl FnOnce() -> Outcome<T>) -> Option<T> {
        let mut made = None;
        self.tests(name, || {
            made = Some(stage()?);
            Ok(Counts::of_one(true))
        });
        made
    }

    fn skip(&mut self, name: &'static str, missing: &str) {
        self.stages.push((name, format!("skipped: {missing}"), Duration::ZERO));
    }

    fn end(self) -> Outcome {
        console::say("");
        for (name, result, duration) in &self.stages {
            console::say(format_args!("{name:<28}{:>14}   {result}", console::in_words(*duration)));
        }
        console::say("");
        let Counts { passed, failed } = self.counts;
        console::say(format_args!("{passed} passed, {failed} failed"));
        if failed == 0 { Ok(()) } else { Err(Failure::told()) }
    }
}

/// Runs everything. The last line on standard output is `N passed, N failed`.
pub(crate) fn run() -> Outcome {
    let started = Instant::now();
    let mut report = Report::default();
    let set_up = report.check("Set-up", || {
        build::set_up()?;
        e2e::set_up()
    });
    let Some(chromium) = set_up else { return report.end() };

    report.check("Formatting", || process::run(&mut process::cargo(&["fmt", "--all", "--check"])));
    report.check("Rules of the architecture", check::run);
    report.check("Types of the browser tests", e2e::types);
    let page = report.check("Page", build::page);
    report.check("Lints, host", || {
        process::run(&mut process::cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    });
    report.check("Lints, wasm", || {
        process::run(&mut process::cargo(&["clippy", "-p", "redub", "--target", system::WASM, "--", "-D", "warnings"]))
    });
    report.check("Documentation", || {
        process::run(process::cargo(&["doc", "--no-deps", "--workspace"]).env("RUSTDOCFLAGS", "-D warnings"))
    });
    report.tests("Rust tests", rust_tests);
    report.tests("Examples in documentation", || plain(&["test", "--workspace", "--doc"]));

    report.tests("Kills at every point", torture::few);
    let programs = report.check("Server", || build::programs(Profile::Dev));
    match (page, programs) {
        (Some(()), Some(programs)) => {
            report.check("Size of a first visit", || size::weigh(&programs.server, false));
            report.tests("Browser tests", || Ok(e2e::run(&chromium, &programs)));
        }
        (None, _) => report.skip("Size and browser tests", "there is no page"),
        (_, None) => report.skip("Size and browser tests", "there is no server"),
    }
    console::say(format_args!("\nAll of it took {}.", console::in_words(started.elapsed())));
    report.end()
}

/// With nextest where it is installed: it shows what hangs, and isolates tests from each other.
fn rust_tests() -> Outcome<Counts> {
    if process::on_path("cargo-nextest").is_none() {
        return plain(&["test", "--workspace", "--all-targets", "--no-fail-fast"]);
    }
    let colour = if console::takes_colour() { "always" } else { "never" };
    let words = ["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests", "pass", "--color", colour];
    let (succeeded, text) = process::run_reading(&mut process::cargo(&words))?;
    Ok(counts::of_nextest(&text).blaming(succeeded))
}

fn plain(words: &[&str]) -> Outcome<Counts> {
    let (succeeded, text) = process::run_reading(&mut process::cargo(words))?;
    Ok(counts::of_libtest(&text).blaming(succeeded))
}
