//! Whether the uploads that a request for a dub names can be used where they are named.

use contract::{Field, FieldCode, FieldError, UploadKind};

use crate::store::{Owner, Store, StoreError, UploadId};

/// What is wrong with them, a field at a time.
pub(super) async fn refused(
    store: &dyn Store,
    owner: &Owner,
    named: Vec<(Field, UploadId)>,
) -> Result<Vec<FieldError>, StoreError> {
    let mut errors = Vec::new();
    for (field, id) in named {
        let upload = store.upload(owner, &id).await?;
        let (code, detail) = match upload.map(|upload| upload.content) {
            None => (FieldCode::NoSuchUpload, "This file is not here any more. Choose it again."),
            Some(None) => (FieldCode::UploadUnfinished, "This file has not arrived whole yet."),
            Some(Some(content)) if UploadKind::of_field(field) != Some(content.kind) => {
                (FieldCode::WrongKind, "This file is of another kind than is needed here.")
            }
            Some(Some(_)) => continue,
        };
        errors.push(field.error(code, detail));
    }
    Ok(errors)
}
