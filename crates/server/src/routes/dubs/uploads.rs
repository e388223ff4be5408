//! Whether the uploads that a request for a dub names can be used where they are named.

use contract::{Field, FieldCode, FieldError, Media, UploadKind};

use crate::store::{Owner, Store, StoreError, UploadId};

/// What is wrong with them, a field at a time.
pub(super) async fn refused(
    store: &dyn Store,
    owner: &Owner,
    named: Vec<(Field, UploadId)>,
    max_bytes: u64,
) -> Result<Vec<FieldError>, StoreError> {
    let mut errors = Vec::new();
    for (field, id) in named {
        let upload = store.upload(owner, &id).await?;
        // It came when more was taken, and may be too large for the way by which files go now.
        let is_too_large = upload.as_ref().is_some_and(|upload| upload.length_bytes > max_bytes);
        let (code, detail) = match upload.map(|upload| upload.content) {
            None => (FieldCode::NoSuchUpload, "This file is not here any more. Choose it again."),
            Some(None) => (FieldCode::UploadUnfinished, "This file has not arrived whole yet."),
            Some(Some(content)) if UploadKind::of_field(field) != Some(content.kind) => {
                (FieldCode::WrongKind, "This file is of another kind than is needed here.")
            }
            Some(Some(_)) if is_too_large => (FieldCode::TooLarge, "This file is larger than can be sent."),
            Some(Some(_)) => continue,
        };
        errors.push(field.error(code, detail));
    }
    Ok(errors)
}

/// How long a voice is, in milliseconds, where it is a file here that says so.
pub(super) async fn voice_ms(store: &dyn Store, owner: &Owner, voice: &Media) -> Result<Option<u64>, StoreError> {
    let Media::UploadId(id) = voice else { return Ok(None) };
    let upload = store.upload(owner, &UploadId(id.clone())).await?;
    Ok(upload.and_then(|upload| upload.content?.duration_ms))
}
