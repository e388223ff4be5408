//! Builds the page, and then the programs: the server takes the page's files into itself.

use std::path::PathBuf;
use std::time::Instant;

use crate::failure::Outcome;
use crate::{console, process, system, tools, workspace};

/// The programs that a running Redub consists of, built for release.
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
    let mut trunk = process::command("trunk");
    trunk
        .args(["build", "--release"])
        .env("PATH", tools::path_with(&tools::FOR_THE_PAGE)?)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // With these versions Trunk takes what PATH has and downloads nothing.
        .env("TRUNK_TOOLS_WASM_BINDGEN", tools::WASM_BINDGEN.version_for_trunk())
        .env("TRUNK_TOOLS_WASM_OPT", tools::WASM_OPT.version_for_trunk())
        // Trunk 0.21 takes the usual `NO_COLOR=1` for a wrong value of its own option.
        .env_remove("NO_COLOR");
    process::run(&mut trunk)?;
    console::say(format_args!("    done in {}", console::in_words(started.elapsed())));
    Ok(())
}

/// The server, with the page that [`page`] built, and the simulator.
pub(crate) fn programs() -> Outcome<Programs> {
    console::step("Building the server for release: about 6 minutes the first time");
    let started = Instant::now();
    process::run(&mut process::cargo(&[
        "build",
        "--release",
        "--package",
        "redub-server",
        "--package",
        "provider-sim",
    ]))?;
    console::say(format_args!("    done in {}", console::in_words(started.elapsed())));
    Ok(Programs {
        server: workspace::release_binary("redub-server")?,
        simulator: workspace::release_binary("provider-sim")?,
    })
}
