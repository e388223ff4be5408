//! What a result is called where it is saved: by its video and by its label, so that two dubs are two files.

use contract::{Dub, Media};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::{
    routes::App,
    store::{Owner, StoreError, Upload, UploadId},
};

/// `founder-message - Español`; without what is not known.
pub(super) async fn title(app: &App, owner: &Owner, dub: &Dub) -> Result<String, StoreError> {
    let video = match &dub.input.video {
        Media::Url(link) => link_name(link),
        Media::UploadId(id) => {
            let upload = app.store.upload(owner, &UploadId(id.clone())).await?.and_then(Upload::into_stored);
            upload.map(|upload| upload.file_name).unwrap_or_default()
        }
    };
    let label = dub.label.as_deref().unwrap_or_default();
    let parts: Vec<&str> = [stem(&video), label].into_iter().filter(|part| !part.is_empty()).collect();
    Ok(parts.join(" - "))
}

/// A file's name without its ending.
pub(super) fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The last segment of a link's path, as a person reads it.
fn link_name(link: &str) -> String {
    let url = Url::parse(link).ok();
    let last = url.as_ref().and_then(Url::path_segments).and_then(|mut segments| segments.next_back());
    percent_decode_str(last.unwrap_or_default()).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_called_by_its_file() {
        let cases = [
            ("https://a.example/b/launch%20day.mp4?token=secret#t", "launch day.mp4"),
            ("https://a.example/", ""),
            ("https://a.example/%ff%2F..%2Fx", "\u{fffd}/../x"),
            ("no link", ""),
        ];
        for (link, name) in cases {
            assert_eq!(link_name(link), name, "{link}");
        }
    }
}
