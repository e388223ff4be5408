//! What a test means that needs some dub, and none in particular. A test says only in what its own is another.

use contract::{DubId, DubInput, Media, Resolution};

use super::{DubToInsert, Owner, RESULT_NAME, SavedResult};

/// What a dub is made from: two links, and nothing chosen.
pub(crate) fn input() -> DubInput {
    DubInput {
        video: Media::Url("https://example.com/v.mp4".into()),
        audio: Media::Url("https://example.com/a.mp3".into()),
        prompt: None,
        resolution: Resolution::P480,
        mask_image: None,
        seed: 7,
    }
}

/// A dub of [`input`] that `owner` asks for.
pub(crate) fn dub(id: &str, owner: &str) -> DubToInsert {
    DubToInsert {
        id: DubId(id.into()),
        owner: Owner(owner.into()),
        label: None,
        input: input(),
        estimate_s: 300,
        idempotency: None,
    }
}

/// What came of it.
pub(crate) fn result() -> SavedResult {
    SavedResult {
        file_name: RESULT_NAME.into(),
        content_type: "video/mp4".into(),
        size_bytes: 5,
        sha256: "00".into(),
        duration_ms: 1_500,
        width: 896,
        height: 448,
    }
}
