//! The browser tests of `tests/e2e`: Playwright drives a real browser against the built page, the server and the simulator.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::args::Args;
use crate::build::{self, Profile, Programs};
use crate::counts::{self, Counts};
use crate::failure::{At, Outcome};
use crate::{console, process, system, workspace};

fn folder() -> PathBuf {
    workspace::root().join("tests/e2e")
}

/// Installs the browser, the programs that make media, and Playwright itself.
pub(crate) fn set_up() -> Outcome<PathBuf> {
    system::node()?;
    system::ffmpeg()?;
    let chromium = system::chromium()?;
    packages()?;
    Ok(chromium)
}

/// Installs the packages of the lock file, unless they are already these.
fn packages() -> Outcome {
    let lock = folder().join("package-lock.json");
    let wanted = fs::read(&lock).at(lock.display())?;
    let installed = folder().join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|lock| lock == wanted) {
        return Ok(());
    }
    console::step("Installing Playwright for the browser tests: under a minute");
    process::run(
        process::command("npm")
            .current_dir(folder())
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )?;
    fs::write(&installed, wanted).at(installed.display())
}

/// A program of `node_modules`, by its script: no shell or npm stands between us and it.
fn node(script: &str) -> Command {
    let mut node = process::command("node");
    node.current_dir(folder()).arg(Path::new("node_modules").join(script));
    node
}

/// The types of the tests.
pub(crate) fn types() -> Outcome {
    process::run(node("typescript/bin/tsc").arg("--noEmit"))
}

fn playwright(chromium: &Path, programs: &Programs) -> Command {
    let mut command = node("@playwright/test/cli.js");
    command.arg("test").env("REDUB_CHROMIUM", chromium).env("REDUB_SERVER", &programs.server);
    command.env("REDUB_SIMULATOR", &programs.simulator);
    command
}

/// Runs them all and counts.
pub(crate) fn run(chromium: &Path, programs: &Programs) -> Counts {
    let report = folder().join("test-results/report.json");
    let _ = fs::remove_file(&report);
    let mut all = playwright(chromium, programs);
    // A `test.only` that was left behind must not pass for all of them.
    all.arg("--forbid-only").env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report);
    let outcome = process::run(&mut all);
    let counts = counts::of_playwright(&fs::read_to_string(&report).unwrap_or_default());
    counts.blaming(outcome.is_ok() && counts.passed > 0)
}

/// Builds everything and runs them with these words for Playwright.
pub(crate) fn only(words: &[String]) -> Outcome {
    let (chromium, programs) = prepared()?;
    process::run(playwright(&chromium, &programs).args(words))
}

/// Builds everything and takes a picture of every page and state.
pub(crate) fn screenshots(mut args: Args) -> Outcome {
    let into = args.word().map_or_else(|| workspace::root().join("test-results/screenshots"), PathBuf::from);
    args.end()?;
    let into = std::path::absolute(&into).at(into.display())?;
    let (chromium, programs) = prepared()?;
    process::run(playwright(&chromium, &programs).args(["--grep", "@screenshots"]).env("REDUB_SCREENSHOTS", &into))?;
    console::say(format_args!("The pictures are in {}", into.display()));
    Ok(())
}

/// Measures what only a browser can tell.
pub(crate) fn figures(chromium: &Path, programs: &Programs) -> Outcome {
    process::run(playwright(chromium, programs).args(["--grep", "@figures"]).env("REDUB_FIGURES", "1"))
}

fn prepared() -> Outcome<(PathBuf, Programs)> {
    build::set_up()?;
    let chromium = set_up()?;
    build::page()?;
    Ok((chromium, build::programs(Profile::Dev)?))
}
