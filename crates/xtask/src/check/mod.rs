//! `cargo xtask check`: holds the rules of `ARCHITECTURE.md` that a program can hold.
//!
//! Plain text is searched, not syntax: a rule that needs more is not checked here.

mod manifests;
mod sources;

use std::fs;
use std::path::{Path, PathBuf};

use crate::console;
use crate::failure;
use crate::failure::{At, Outcome};
use crate::workspace;

/// A file this long needs a reason.
const LONG_LINES: usize = 300;

/// Checks every rule; says what is broken and where.
pub(crate) fn run() -> Outcome {
    let root = workspace::root();
    let files = source_files(&root)?;
    let mut broken = manifests::broken(&root)?;
    for file in &files {
        if Path::new(&file.path).extension().is_some_and(|end| end == "rs") {
            broken.extend(sources::broken(file));
        }
        if file.text.lines().count() > LONG_LINES {
            let lines = file.text.lines().count();
            console::say(format_args!("warning: {} has {lines} lines; over {LONG_LINES} needs a reason", file.path));
        }
    }
    for rule in &broken {
        console::complain(rule);
    }
    match broken.len() {
        0 => {
            console::say(format_args!("{} files keep the rules.", files.len()));
            Ok(())
        }
        count => Err(failure!("{count} broken: see ARCHITECTURE.md for the reasons behind these rules.")),
    }
}

/// A file that people write.
#[derive(Debug)]
struct SourceFile {
    /// From the checkout's top, with `/`.
    path: String,
    text: String,
}

fn source_files(root: &Path) -> Outcome<Vec<SourceFile>> {
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = ["src", "style", "crates", "tests"].iter().map(|name| root.join(name)).collect();
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.at(folder.display())?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !["node_modules", "target", "test-results", "playwright-report"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if matches!(
                path.extension().and_then(|end| end.to_str()),
                Some("rs" | "css" | "ts" | "html" | "sql")
            ) {
                let text = fs::read_to_string(&path).at(path.display())?;
                let path = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
                files.push(SourceFile { path, text });
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}
