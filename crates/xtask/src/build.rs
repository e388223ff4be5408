//! Builds the page, and then the programs: the server takes the page's files into itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::failure;
use crate::failure::{At, Outcome};
use crate::{console, process, system, tools, workspace};

/// The feature of the server that no release has.
const FAIL_POINTS: &str = "redub-server/fail-points";
/// The variable that a server with that feature reads, and no other knows.
const FAIL_POINTS_MARK: &[u8] = b"REDUB_KILL_AT";

/// The program that fills a server's store.
const FILLER: &str = "redub-fill";

/// The programs that a running Redub consists of.
#[derive(Debug)]
pub(crate) struct Programs {
    /// The server, with the page in it.
    pub(crate) server: PathBuf,
    /// The provider's stand-in.
    pub(crate) simulator: PathBuf,
}

/// Installs what the builds need.
pub(crate) fn set_up() -> Outcome {
    system::toolchain()?;
    system::node()?;
    tools::path_with(&tools::FOR_THE_PAGE).map(drop)
}

/// The page, for release, into `dist`.
pub(crate) fn page() -> Outcome {
    console::step("Building the page for release: about 2 minutes the first time");
    console::say("    Trunk cannot minify the page's scripts and says so; esbuild does it afterwards.");
    let started = Instant::now();
    process::run(trunk()?.args(["build", "--release"]))?;
    console::say(format_args!("    done in {}", console::in_words(started.elapsed())));
    Ok(())
}

/// The page in development, rebuilt at every change, until it is stopped. What it builds does not get into a server.
pub(crate) fn watch() -> Outcome {
    set_up()?;
    process::run(trunk()?.args(["serve", "--dist"]).arg(workspace::target()?.join("page")))
}

/// Trunk with the tools of the cache.
fn trunk() -> Outcome<Command> {
    let mut trunk = process::command("trunk");
    trunk
        .env("PATH", tools::path_with(&tools::FOR_THE_PAGE)?)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // With this version Trunk takes what PATH has and downloads nothing.
        .env("TRUNK_TOOLS_WASM_BINDGEN", tools::WASM_BINDGEN.version)
        // Trunk 0.21 takes the usual `NO_COLOR=1` for a wrong value of its own option.
        .env_remove("NO_COLOR");
    Ok(trunk)
}

/// For whom the programs are built.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Profile {
    /// For visitors.
    Release,
    /// For the tests: most of it is built already, and the page inside is the same.
    Dev,
}

/// What `torture` needs, as the tests are built: the server with its fail points, the simulator, and itself.
pub(crate) fn for_torture() -> Outcome<(PathBuf, Programs)> {
    console::step("Building the server with its fail points: about a minute after the tests, 4 minutes without");
    let mut cargo = process::cargo(&["build", "--workspace", "--features", FAIL_POINTS]);
    process::run(cargo.args(["--bin", "redub-server", "--bin", "provider-sim", "--bin", "torture"]))?;
    let built = workspace::target()?.join("debug");
    let server = built.join("redub-server-with-fail-points");
    // The next build of the server takes its name.
    fs::copy(built.join("redub-server"), &server).at(server.display())?;
    Ok((built.join("torture"), Programs { server, simulator: built.join("provider-sim") }))
}

/// The server, with the page that [`page`] built, and the simulator.
pub(crate) fn programs(profile: Profile) -> Outcome<Programs> {
    let (name, folder, takes) = match profile {
        Profile::Release => ("release", "release", "6 minutes"),
        Profile::Dev => ("dev", "debug", "4 minutes"),
    };
    console::step(format_args!("Building the server ({name}): about {takes} the first time"));
    let started = Instant::now();
    process::run(&mut process::cargo(&[
        "build",
        "--profile",
        name,
        // With the features that the whole workspace asks for, as the tests are built: else everything is built twice.
        "--workspace",
        "--bin",
        "redub-server",
        "--bin",
        "provider-sim",
    ]))?;
    console::say(format_args!("    done in {}", console::in_words(started.elapsed())));
    let built = workspace::target()?.join(folder);
    let server = built.join("redub-server");
    refuse_fail_points(&server)?;
    Ok(Programs { server, simulator: built.join("provider-sim") })
}

/// What fills a server's store, for release.
pub(crate) fn filler() -> Outcome<PathBuf> {
    process::run(&mut process::cargo(&["build", "--release", "--workspace", "--bin", FILLER]))?;
    Ok(workspace::target()?.join("release").join(FILLER))
}

/// What is served to anybody, and what the browsers test, has no points at which it dies.
fn refuse_fail_points(server: &Path) -> Outcome {
    let bytes = fs::read(server).at(server.display())?;
    if bytes.windows(FAIL_POINTS_MARK.len()).any(|part| part == FAIL_POINTS_MARK) {
        return Err(failure!("{} is built with fail points: they are for `torture` alone.", server.display()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_with_fail_points_is_refused() {
        let path = std::env::temp_dir().join(format!("redub-fail-points-{}", std::process::id()));
        fs::write(&path, b"\0\0nothing\0").unwrap();
        assert!(refuse_fail_points(&path).is_ok());
        fs::write(&path, b"\0\0REDUB_KILL_AT\0").unwrap();
        assert!(refuse_fail_points(&path).is_err());
        fs::remove_file(&path).unwrap();
    }
}
