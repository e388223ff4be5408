//! What must come from the system: Node, the wasm target, ffmpeg, a browser.

use std::env;
use std::path::PathBuf;
use std::sync::Once;

use crate::failure;
use crate::failure::Outcome;
use crate::{console, process};

/// Compiles for browsers.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The oldest Node.js that the browser tests are run with.
const NODE: u32 = 20;

/// The wasm target, and the parts of the toolchain that the tests call.
pub(crate) fn toolchain() -> Outcome {
    let sysroot = process::output(process::command("rustc").args(["--print", "sysroot"]))
        .map(|text| PathBuf::from(text.trim()))
        .ok_or_else(|| failure!("rustc is missing: install Rust with rustup (https://rustup.rs)."))?;
    if !sysroot.join("lib/rustlib").join(WASM).is_dir() {
        rustup(&["target", "add", WASM])?;
    }
    for (program, component) in [("cargo-clippy", "clippy"), ("rustfmt", "rustfmt")] {
        if !sysroot.join("bin").join(program).is_file() && process::on_path(program).is_none() {
            rustup(&["component", "add", component])?;
        }
    }
    Ok(())
}

fn rustup(words: &[&str]) -> Outcome {
    console::step(format_args!("Adding {} to the toolchain: under a minute", words[2]));
    process::run(process::command("rustup").args(words)).map_err(|failure| {
        failure!("Rust's {} is missing: `rustup {}` adds it. ({failure})", words[2], words.join(" "))
    })
}

/// Node and npm: for wasm-opt and the browser tests.
pub(crate) fn node() -> Outcome {
    let by_hand = format!("install Node.js {NODE} or newer with npm (https://nodejs.org).");
    for program in ["node", "npm"] {
        if process::on_path(program).is_none() {
            return Err(failure!("{program} is missing: {by_hand}"));
        }
    }
    let version = process::output(process::command("node").arg("--version")).unwrap_or_default();
    match major(&version) {
        Some(major) if major >= NODE => Ok(()),
        _ => Err(failure!("Node.js {} is too old: {by_hand}", version.trim())),
    }
}

/// `20` of `v20.19.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// The simulator renders with it, and the tests make and measure media with it.
pub(crate) fn ffmpeg() -> Outcome {
    if process::on_path("ffmpeg").is_some() && process::on_path("ffprobe").is_some() {
        return Ok(());
    }
    apt("ffmpeg", &["ffmpeg"])
}

/// The browser to test with: `REDUB_CHROMIUM`, or Chromium on PATH.
pub(crate) fn chromium() -> Outcome<PathBuf> {
    if let Some(named) = env::var_os("REDUB_CHROMIUM").map(PathBuf::from) {
        return if named.is_file() {
            Ok(named)
        } else {
            Err(failure!("REDUB_CHROMIUM names {}, and there is no such file.", named.display()))
        };
    }
    let find = || ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(process::on_path);
    if let Some(found) = find() {
        return Ok(found);
    }
    // Without any font the pages under test would be blank.
    apt("Chromium", &["chromium", "fonts-dejavu-core"])?;
    find().ok_or_else(|| failure!("Chromium is missing: install it, or name a browser with REDUB_CHROMIUM."))
}

/// Installs system packages where that needs nobody's consent: as root on Debian or Ubuntu.
fn apt(what: &str, packages: &[&str]) -> Outcome {
    static UPDATE: Once = Once::new();
    let by_hand =
        format!("{what} is missing: install it with `apt-get install {}` or your system's like.", packages.join(" "));
    let is_root = process::output(process::command("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !is_root || process::on_path("apt-get").is_none() {
        return Err(failure!("{by_hand}"));
    }
    console::step(format_args!("Installing {} with apt-get: about a minute", packages.join(", ")));
    let apt_get = || {
        let mut command = process::command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").arg("-qq");
        command
    };
    // An old list of packages names files that are gone.
    UPDATE.call_once(|| drop(process::run(apt_get().arg("update"))));
    process::run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(packages))
        .map_err(|failure| failure!("{by_hand} ({failure})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_node_is_read() {
        assert_eq!(major("v20.19.2\n"), Some(20));
        assert_eq!(major(""), None);
    }
}
