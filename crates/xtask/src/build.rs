//! Builds the page, and then the programs: the server takes the page's files into itself.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::failure::Outcome;
use crate::{console, process, system, tools, workspace};

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
        // With these versions Trunk takes what PATH has and downloads nothing.
        .env("TRUNK_TOOLS_WASM_BINDGEN", tools::WASM_BINDGEN.version_for_trunk())
        .env("TRUNK_TOOLS_WASM_OPT", tools::WASM_OPT.version_for_trunk())
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
    Ok(Programs { server: built.join("redub-server"), simulator: built.join("provider-sim") })
}
