//! The build's own tools, at pinned versions.
//!
//! A tool comes from PATH when the version fits; else it is installed once into the user's cache, where it outlives every clone. It is
//! installed beside its place and then renamed into it, so an interrupted installation never counts.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::failure;
use crate::failure::{At, Outcome};
use crate::{console, process, workspace};

/// One tool at the one version that the build is proved with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tool {
    /// Its package.
    package: &'static str,
    /// Its exact version.
    pub(crate) version: &'static str,
    /// The program that is called.
    program: &'static str,
    /// A word of what `--version` prints at this version.
    version_word: &'static str,
    /// Where it comes from, with what `cargo install` is told besides.
    origin: Origin,
    /// About how long an installation takes.
    takes: &'static str,
}

#[derive(Debug, Clone, Copy)]
enum Origin {
    Cargo(&'static [&'static str]),
    Npm,
}

/// Bundles the page. 0.22 needs a newer rustc.
const TRUNK: Tool = Tool {
    package: "trunk",
    version: "0.21.14",
    program: "trunk",
    version_word: "0.21.14",
    origin: Origin::Cargo(&["--locked", "--no-default-features", "--features", "rustls"]),
    takes: "3 minutes",
};

/// Writes the script that loads the wasm: must be exactly the library's version (`Cargo.toml`). With `--locked` this version fails.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    program: "wasm-bindgen",
    version_word: "0.2.130",
    origin: Origin::Cargo(&[]),
    takes: "2 minutes",
};

/// Makes the wasm smaller. Debian's is too old for what rustc writes.
const WASM_OPT: Tool = Tool {
    package: "binaryen",
    version: "132.0.0",
    program: "wasm-opt",
    version_word: "132",
    origin: Origin::Npm,
    takes: "10 seconds",
};

/// Makes the scripts smaller that wasm-bindgen writes; what Trunk has for that does not understand them.
pub(crate) const ESBUILD: Tool = Tool {
    package: "esbuild",
    version: "0.28.2",
    program: "esbuild",
    version_word: "0.28.2",
    origin: Origin::Npm,
    takes: "10 seconds",
};

/// Licences, bans, sources and advisories.
pub(crate) const CARGO_DENY: Tool = Tool {
    package: "cargo-deny",
    version: "0.20.2",
    program: "cargo-deny",
    version_word: "0.20.2",
    origin: Origin::Cargo(&["--locked"]),
    takes: "5 minutes",
};

/// Dependencies that nothing uses.
pub(crate) const CARGO_MACHETE: Tool = Tool {
    package: "cargo-machete",
    version: "0.9.2",
    program: "cargo-machete",
    version_word: "0.9.2",
    origin: Origin::Cargo(&["--locked"]),
    takes: "2 minutes",
};

/// What the page is built with.
pub(crate) const FOR_THE_PAGE: [Tool; 4] = [TRUNK, WASM_BINDGEN, WASM_OPT, ESBUILD];

impl Tool {
    /// Makes sure that the tool is there: the folder of its program, or none if PATH has it.
    fn folder(&self) -> Outcome<Option<PathBuf>> {
        let place = workspace::tool_cache()?.join(format!("{}-{}", self.package, self.version));
        let programs = |root: &Path| match self.origin {
            Origin::Cargo(_) => root.join("bin"),
            Origin::Npm => root.join("node_modules/.bin"),
        };
        if programs(&place).join(self.program).exists() {
            return Ok(Some(programs(&place)));
        }
        if self.is_on_path() {
            return Ok(None);
        }
        self.install(&place).map_err(|failure| {
            let Self { package, version, program, .. } = self;
            let by_hand = match self.origin {
                Origin::Cargo(options) => format!("cargo install {package} --version {version} {}", options.join(" ")),
                Origin::Npm => format!("npm install --global {package}@{version}"),
            };
            failure!(
                "{program} {version} is needed. Install it with `{}` and call again. ({failure})",
                by_hand.trim_end()
            )
        })?;
        Ok(Some(programs(&place)))
    }

    fn is_on_path(&self) -> bool {
        process::on_path(self.program)
            .and_then(|program| process::output(process::command(program).arg("--version")))
            .is_some_and(|text| text.split_whitespace().any(|word| word == self.version_word))
    }

    fn install(&self, place: &Path) -> Outcome {
        let Self { package, version, takes, .. } = self;
        console::step(format_args!("Installing {package} {version} into the tool cache, once: about {takes}"));
        let started = Instant::now();
        let unfinished = place.with_file_name(format!("{package}-{version}.unfinished"));
        fs::create_dir_all(&unfinished).at(unfinished.display())?;
        let mut installer = match self.origin {
            Origin::Npm => process::command("npm"),
            // The tools run for seconds: built without optimisation they are ready minutes earlier.
            Origin::Cargo(options) => {
                let mut cargo = process::cargo(&["install", package, "--version", version]);
                cargo.args(options).arg("--root").arg(&unfinished).env("CARGO_TARGET_DIR", unfinished.join("target"));
                cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0").env("CARGO_PROFILE_RELEASE_LTO", "off");
                cargo.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16").env("CARGO_PROFILE_RELEASE_DEBUG", "false");
                cargo
            }
        };
        if matches!(self.origin, Origin::Npm) {
            installer.args(["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefix"]).arg(&unfinished);
            installer.arg(format!("{package}@{version}"));
        }
        process::run(&mut installer)?;
        let _ = fs::remove_dir_all(unfinished.join("target"));
        let _ = fs::remove_dir_all(place);
        fs::rename(&unfinished, place).at(place.display())?;
        console::say(format_args!("    done in {}", console::in_words(started.elapsed())));
        Ok(())
    }
}

/// Makes sure that these tools are there, and gives a PATH that finds exactly them.
pub(crate) fn path_with(tools: &[Tool]) -> Outcome<OsString> {
    let mut folders = Vec::new();
    for tool in tools {
        folders.extend(tool.folder()?);
    }
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    env::join_paths(folders).map_err(|error| failure!("PATH cannot be extended: {error}"))
}
