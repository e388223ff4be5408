//! Uploads: tus 1.0 (core, creation, termination, expiration; <https://tus.io/protocols/resumable-upload>, read
//! 2026-11-22) at [`routes::UPLOADS`](crate::routes::UPLOADS).
//!
//! An upload's id is the last segment of the `Location` that its creation is answered with. `Upload-Metadata` may hold
//! [`KIND`] and [`FILE_NAME`]; anything else in it is ignored.

use serde::{Deserialize, Serialize};

use crate::Field;

/// The value of `Tus-Resumable` in every request but `OPTIONS`, and in every answer.
pub const TUS_VERSION: &str = "1.0.0";
/// The media type of a `PATCH`'s body.
pub const OFFSET_OCTET_STREAM: &str = "application/offset+octet-stream";
/// The key in `Upload-Metadata` of what the file is for: the name of an [`UploadKind`].
pub const KIND: &str = "kind";
/// The key in `Upload-Metadata` of the file's name on its owner's disk, as UTF-8.
pub const FILE_NAME: &str = "filename";

/// What a file is for. One that is not declared may be any of them; what it is, its content tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UploadKind {
    /// A picture with a video stream.
    Video,
    /// A voice.
    Audio,
    /// A mask.
    Image,
}

impl UploadKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Video, Self::Audio, Self::Image];

    /// The kind as it stands in the metadata.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Image => "image",
        }
    }

    /// The kind of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kind that a field of a request for a dub takes; `None` for a field that takes no file.
    pub fn of_field(field: Field) -> Option<Self> {
        match field {
            Field::Video => Some(Self::Video),
            Field::Audio => Some(Self::Audio),
            Field::MaskImage => Some(Self::Image),
            Field::Label | Field::Prompt | Field::Resolution | Field::Seed => None,
        }
    }
}

/// What a server takes as uploads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadLimits {
    /// The largest file, in bytes.
    pub max_bytes: u64,
    /// How many files one visitor may have here at once.
    pub max_files: u32,
    /// How many bytes all files of one visitor may have here at once.
    pub max_total_bytes: u64,
    /// The most pixels a mask may have.
    pub max_mask_pixels: u64,
}
