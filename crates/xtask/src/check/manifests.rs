//! Who may depend on whom.

use std::fs;
use std::path::Path;

use crate::failure::{At, Outcome};

/// A package's manifest, and what must not be among its dependencies.
const FORBIDDEN: [(&str, &str, &[&str]); 6] = [
    ("Cargo.toml", "the page knows the contract alone", &["redub-server", "provider-sim", "xtask"]),
    ("crates/server/Cargo.toml", "the server does not know the page", &["redub"]),
    ("crates/provider-sim/Cargo.toml", "the simulator knows nothing of Redub", &["redub", "redub-server", "contract"]),
    ("crates/provider-sim/Cargo.toml", "the simulator is no part of the tooling", &["xtask", "torture"]),
    ("crates/torture/Cargo.toml", "it judges programs from outside", &["redub", "redub-server", "provider-sim"]),
    ("crates/contract/Cargo.toml", "the contract stands below everything", &["redub", "redub-server", "provider-sim"]),
];

/// Packages whose dependencies are a short, closed list.
const CLOSED: [(&str, &[&str]); 2] = [("crates/contract/Cargo.toml", &["serde"]), ("crates/xtask/Cargo.toml", &[])];

/// Every broken rule, in words.
pub(super) fn broken(root: &Path) -> Outcome<Vec<String>> {
    let mut broken = Vec::new();
    let read = |path: &str| fs::read_to_string(root.join(path)).at(path);
    for (path, reason, names) in FORBIDDEN {
        for dependency in dependencies(&read(path)?, Section::Any) {
            if names.contains(&dependency.as_str()) {
                broken.push(format!("{path} depends on {dependency}, but {reason}."));
            }
        }
    }
    for (path, allowed) in CLOSED {
        for dependency in dependencies(&read(path)?, Section::Normal) {
            if !allowed.contains(&dependency.as_str()) {
                broken.push(format!("{path} depends on {dependency}, but may only on: {}.", allowed.join(", ")));
            }
        }
    }
    let server = "crates/server/Cargo.toml";
    for name in ["provider-sim", "torture"] {
        if dependencies(&read(server)?, Section::Normal).contains(&name.to_owned()) {
            broken.push(format!("{server} depends on {name}, but only its tests may."));
        }
    }
    if read("Cargo.toml")?.lines().any(|line| line.trim_start().starts_with("default-members")) {
        broken.push("Cargo.toml sets default-members: Trunk's wasm build would pull the server in.".to_owned());
    }
    Ok(broken)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    /// What is built into the package.
    Normal,
    /// That, and what its build and tests need.
    Any,
}

/// The names in a manifest's tables of dependencies.
fn dependencies(manifest: &str, section: Section) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(table) = line.strip_prefix('[') {
            let table = table.trim_end_matches(']');
            let (kind, name) = table.rsplit_once("dependencies").unwrap_or(("none", ""));
            let is_own = kind != "none" && !kind.starts_with("workspace.");
            let is_wanted = section == Section::Any || !(kind.contains("dev-") || kind.contains("build-"));
            is_inside = is_own && is_wanted && name.is_empty();
            if is_own && is_wanted && name.starts_with('.') {
                names.push(name.trim_start_matches('.').to_owned());
            }
        } else if is_inside && !line.is_empty() && !line.starts_with(['#', ']', '"', '}']) {
            let end = line.find(['.', '=', ' ']).unwrap_or(line.len());
            names.push(line[..end].to_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = "[workspace.dependencies]\nwild = \"1\"\n[package]\nname = \"x\"\n[dependencies]\n# why\nserde.workspace = true\n\
        web = { version = \"1\", features = [\n  \"A\", \"B\",\n] }\n[dependencies.long]\nversion = \"1\"\n\
        [target.'cfg(unix)'.dependencies]\nlibc = \"0\"\n[dev-dependencies]\nsim = \"1\"\n";

    #[test]
    fn every_table_of_dependencies_is_read() {
        assert_eq!(dependencies(MANIFEST, Section::Normal), ["serde", "web", "long", "libc"]);
        assert_eq!(dependencies(MANIFEST, Section::Any), ["serde", "web", "long", "libc", "sim"]);
    }
}
