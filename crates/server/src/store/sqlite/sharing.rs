//! Files that the dubs of a batch share: put once at the provider, and told by each of them in one create.
//!
//! A dub has a row of its own for what it shares, so its life is that of any staged file. The file is removed when the last
//! dub of the batch that is made from it is final: see `unstaging`.

use contract::{DubId, Field};
use sqlx::SqliteConnection;

use crate::{
    clock::Moment,
    store::{LINK_SPARE, StoreError, UploadId},
};

/// Gives the dub what another of its batch has staged of the upload, if the link works for long enough. Never what it has
/// had before: a link is for one create of a dub.
pub(super) async fn share(
    db: &mut SqliteConnection,
    dub: &DubId,
    field: Field,
    upload: &UploadId,
    now: Moment,
) -> Result<bool, StoreError> {
    let shared = sqlx::query(
        "INSERT INTO staged (dub_id, field, upload_id, place, name, link, until, state, due_at)
         SELECT ?1, ?2, upload_id, place, name, link, until, 'ready', ?4 FROM staged AS other
         WHERE place = 'provider' AND upload_id = ?3 AND state IN ('ready', 'used') AND until > ?5
           AND dub_id IN (SELECT sibling.id FROM dubs JOIN dubs AS sibling ON sibling.batch_id = dubs.batch_id
                          WHERE dubs.id = ?1)
           AND NOT EXISTS (SELECT 1 FROM staged AS own
                           WHERE own.place = other.place AND own.name = other.name AND own.dub_id = ?1)
         ORDER BY until DESC LIMIT 1",
    )
    .bind(&dub.0)
    .bind(field.as_str())
    .bind(&upload.0)
    .bind(now)
    .bind(now + LINK_SPARE)
    .execute(db)
    .await?;
    Ok(shared.rows_affected() > 0)
}
