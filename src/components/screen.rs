//! The frame that a picture is shown in.

use super::element::{El, el};

/// A video with the browser's own controls, in a frame that is as large before it has loaded.
pub fn screen(src: String, name: String) -> El {
    let video = el("video", "view")
        .put("src", src)
        .put("aria-label", name)
        .set("controls", "")
        .set("playsinline", "")
        .set("preload", "metadata");
    el("div", "screen").child(video)
}
