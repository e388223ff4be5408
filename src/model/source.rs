//! Where a picture, a voice or a mask comes from: a link, or a file of the visitor's own.

use contract::{Media, routes};

use super::media;

/// The upload of a file that the server never takes.
pub const REFUSED: &str = "!";

/// Where something comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Source {
    /// Nothing was given yet.
    #[default]
    None,
    /// A link that was found in order.
    Link(String),
    /// A file.
    File(OwnFile),
}

/// A file of the visitor's own, as it is remembered; its bytes are `state::uploads`' to keep and to send.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnFile {
    /// Its name on the visitor's disk.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last changed; 0 for one that is known by its upload alone, from a dub that was made of it.
    pub modified_ms: i64,
    /// The id of its upload; empty until the server has given one, [`REFUSED`] once it has said that it takes none.
    pub upload: String,
}

impl OwnFile {
    /// What tells this file from others: the same file chosen again, also in another tab, has the same.
    pub fn key(&self) -> String {
        if self.modified_ms == 0 {
            return self.upload.clone();
        }
        [&self.bytes.to_string(), "-", &self.modified_ms.to_string(), "-", &self.name].concat()
    }

    /// Where its owner can fetch it, once the server has it whole.
    pub fn path(&self) -> String {
        routes::media(&self.upload, if self.name.is_empty() { "file" } else { &self.name })
    }
}

impl Source {
    /// Whether nothing was given.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<&OwnFile> {
        if let Self::File(file) = self { Some(file) } else { None }
    }

    /// Whether it is a file that the server never takes.
    pub fn is_refused(&self) -> bool {
        self.file().is_some_and(|file| file.upload == REFUSED)
    }

    /// What tells it from others: changes when another is put in its place, not when its upload gets an id.
    pub fn key(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Link(link) => link.clone(),
            Self::File(file) => file.key(),
        }
    }

    /// What it is called on the page.
    pub fn name(&self) -> &str {
        match self {
            Self::None => "",
            Self::Link(link) => media::file_name(link),
            Self::File(file) => &file.name,
        }
    }

    /// What is sent for it. A file that has no upload yet names none.
    pub fn media(&self) -> Option<Media> {
        match self {
            Self::None => None,
            Self::Link(link) => Some(Media::Url(link.clone())),
            Self::File(file) => Some(Media::UploadId(file.upload.clone())),
        }
    }

    /// What `media` of a dub was made of; `name` is what its upload was called, where that is known.
    pub fn of_media(media: &Media, name: &str) -> Self {
        match media {
            Media::Url(link) => Self::Link(link.clone()),
            Media::UploadId(id) => {
                Self::File(OwnFile { name: name.to_owned(), upload: id.clone(), ..OwnFile::default() })
            }
        }
    }

    /// The source as a text that [`of_text`](Self::of_text) reads back. No link that is taken begins like a file.
    pub fn to_text(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Link(link) => link.clone(),
            Self::File(OwnFile { name, bytes, modified_ms, upload }) => {
                ["file:", &bytes.to_string(), ":", &modified_ms.to_string(), ":", upload, ":", name].concat()
            }
        }
    }

    /// Reads what [`to_text`](Self::to_text) wrote; `None` if it did not.
    pub fn of_text(text: String) -> Option<Self> {
        let Some(file) = text.strip_prefix("file:") else {
            return Some(if text.is_empty() { Self::None } else { Self::Link(text) });
        };
        let mut parts = file.splitn(4, ':');
        let mut number = || parts.next()?.parse::<i64>().ok();
        let (bytes, modified_ms) = (u64::try_from(number()?).ok()?, number()?);
        let (upload, name) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some(Self::File(OwnFile { name, bytes, modified_ms, upload }))
    }
}

impl From<&str> for Source {
    fn from(link: &str) -> Self {
        Self::Link(link.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> OwnFile {
        OwnFile { name: "a:b 😀.mp4".into(), bytes: 7, modified_ms: 9, upload: "u1".into() }
    }

    #[test]
    fn a_source_is_read_back_as_it_was_written() {
        for source in [Source::None, "https://a.example/x?y=1:2".into(), Source::File(file())] {
            assert_eq!(Source::of_text(source.to_text()), Some(source));
        }
        assert_eq!(Source::of_text("file:seven".into()), None);
    }

    #[test]
    fn the_same_file_is_known_again_before_and_after_its_upload() {
        let new = OwnFile { upload: String::new(), ..file() };
        assert_eq!(new.key(), file().key());
        assert_ne!(new.key(), OwnFile { modified_ms: 10, ..file() }.key());
        assert_eq!(OwnFile { upload: "u1".into(), ..OwnFile::default() }.key(), "u1");
    }

    #[test]
    fn a_dub_made_of_an_upload_is_made_of_it_again() {
        let media = Media::UploadId("u1".into());
        let source = Source::of_media(&media, "voice.wav");
        assert_eq!((source.media(), source.name()), (Some(media), "voice.wav"));
    }
}
