//! What dubs are called: an upload's name is known to the browser alone that has sent it.

use contract::{Dub, Media};

use crate::browser::storage;
use crate::model::{media, names, progress};

/// What an upload was called in this browser.
pub fn upload_name(id: &str) -> String {
    names::find(&storage::read(storage::UPLOAD_NAMES).unwrap_or_default(), id)
}

/// What the video of a dub is called, without its ending.
fn video_name(dub: &Dub) -> String {
    let video = match &dub.input.video {
        Media::Url(link) => media::file_name(link).to_owned(),
        Media::UploadId(id) => upload_name(id),
    };
    video.rsplit_once('.').map_or(video.as_str(), |(stem, _)| stem).to_owned()
}

/// `founder-message · Español`: what a dub is called where others are.
pub fn full_name(dub: &Dub) -> String {
    progress::full_name(dub, &video_name(dub))
}

/// What the browser's tab says of a dub.
pub fn title(dub: &Dub) -> String {
    progress::title(dub, &video_name(dub))
}
