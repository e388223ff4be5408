//! Where things are: the checkout, the build's output, the user's cache.

use std::env;
use std::path::{Path, PathBuf};

use crate::failure;
use crate::failure::Outcome;

/// The checkout's top folder.
pub(crate) fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    manifest.ancestors().nth(2).map_or(manifest.clone(), Path::to_path_buf)
}

/// Where Cargo builds. It put this very program two folders below, wherever `CARGO_TARGET_DIR` or a configuration file moved that.
pub(crate) fn target() -> Outcome<PathBuf> {
    let this = env::current_exe()?;
    let target = this.ancestors().nth(2).ok_or_else(|| failure!("{} is not in a target folder.", this.display()))?;
    Ok(target.to_owned())
}

/// Where tools are kept between clones.
pub(crate) fn tool_cache() -> Outcome<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .ok_or_else(|| failure!("Neither XDG_CACHE_HOME nor HOME is set: there is no place to keep tools in."))?;
    Ok(cache.join("redub/tools"))
}
