//! Webhooks: the create of a token, and the look that a call asks for.

use async_trait::async_trait;
use contract::DubId;

use super::SqliteStore;
use crate::{
    clock::Moment,
    store::{CreateId, Hook, HookStore, Hooked, PredictionId, StoreError},
};

#[async_trait]
impl HookStore for SqliteStore {
    async fn hooked(&self, token: &str) -> Result<Option<Hooked>, StoreError> {
        let row: Option<(i64, String, String, Option<String>)> = sqlx::query_as(
            "SELECT creates.id, dub_id, hook_secret, CASE WHEN phase <> 'unconfirmed' THEN prediction_id END
             FROM creates JOIN dubs ON dubs.id = dub_id WHERE hook_token = ?",
        )
        .bind(Hook::hash(token))
        .fetch_optional(&self.readers)
        .await?;
        Ok(row.map(|(create, dub, secret, known)| Hooked {
            create: CreateId(create),
            dub: DubId(dub),
            secret,
            known: known.map(PredictionId),
        }))
    }

    async fn look_now(&self, id: &DubId, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        sqlx::query("UPDATE dubs SET due_at = ?1 WHERE id = ?2 AND phase = 'processing' AND due_at > ?1")
            .bind(now)
            .bind(&id.0)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }
}
