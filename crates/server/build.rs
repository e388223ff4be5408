//! Puts the page's files into the server: `dist/` as Trunk left it, or a page that says how to build it.

use std::{fs, path::Path};

fn main() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let dist = workspace.join("dist");
    // Cargo takes a watched folder that is missing for one that always changes, and would build the server anew each
    // time; an empty one is only looked at. Where the tree cannot be written, that is merely slow.
    let _ = fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=placeholder");
    println!("cargo::rerun-if-changed=migrations"); // read when the server is built, and not watched otherwise
    println!("cargo::rerun-if-changed={}", dist.display());
    let is_built = dist.join("index.html").is_file();
    let files = if is_built { dist } else { Path::new(env!("CARGO_MANIFEST_DIR")).join("placeholder") };
    // Embedded in debug builds as well, so that what the tests see is what is served.
    memory_serve::load_directory_with_embed(files, true);
}
