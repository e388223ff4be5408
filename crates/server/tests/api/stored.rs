//! What a test puts into the store with its own hands: a dub of two links, and what came of it.

use contract::{DubId, DubInput, Media, Resolution};
use redub_server::store::{DubToInsert, Owner, RESULT_NAME, SavedResult};

pub(crate) fn dub(id: &str, owner: Owner) -> DubToInsert {
    let input = DubInput {
        video: Media::Url("https://example.com/v.mp4".into()),
        audio: Media::Url("https://example.com/a.mp3".into()),
        prompt: None,
        resolution: Resolution::P480,
        mask_image: None,
        seed: 7,
    };
    DubToInsert { id: DubId(id.into()), owner, label: None, input, estimate_s: 300, idempotency: None }
}

pub(crate) fn result(duration_ms: u64) -> SavedResult {
    SavedResult {
        file_name: RESULT_NAME.into(),
        content_type: "video/mp4".into(),
        size_bytes: 5,
        sha256: "00".into(),
        duration_ms,
        width: 896,
        height: 448,
    }
}
