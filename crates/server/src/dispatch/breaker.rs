//! The breaker, as the operator hears of it: once when the provider refuses us, once when it takes dubs again.
//!
//! That nothing is sent meanwhile, and then one create at a time, is the gate's work in the store.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::{
    provider::ShutReason,
    store::{Store, StoreError},
};

/// Why nothing is sent, as far as this process knows. A clone is the same breaker.
#[derive(Debug, Clone, Default)]
pub struct Breaker(Arc<Mutex<Option<ShutReason>>>);

impl Breaker {
    /// After a create was booked that was turned away for `reason`.
    pub(super) async fn shut(&self, reason: ShutReason) {
        if self.0.lock().await.replace(reason) != Some(reason) {
            tracing::error!("{}", operator_line(reason));
        }
    }

    /// After a create was booked that was answered. One whose answer is older than the closing does not open the gate.
    pub(super) async fn answered(&self, store: &dyn Store) {
        let mut known = self.0.lock().await;
        if known.is_some() && store.gate().await.is_ok_and(|gate| gate.problem.is_none()) {
            *known = None;
            tracing::info!("the provider takes dubs again");
        }
    }

    /// How the provider is to us, in a word for `/readyz`.
    ///
    /// # Errors
    /// When the store cannot tell.
    pub async fn word(&self, store: &dyn Store) -> Result<&'static str, StoreError> {
        let known = *self.0.lock().await;
        Ok(match (store.gate().await?.problem, known) {
            (None, _) => "ok",
            (Some(_), Some(ShutReason::KeyRefused)) => "key_refused",
            (Some(_), Some(ShutReason::BalanceTooLow)) => "balance_too_low",
            (Some(_), None) => "unavailable",
        })
    }
}

fn operator_line(reason: ShutReason) -> &'static str {
    match reason {
        ShutReason::KeyRefused => "the provider refuses the key: check EACHLABS_API_KEY; dubs wait in the queue",
        ShutReason::BalanceTooLow => "the balance at the provider is too low: top it up; dubs wait in the queue",
    }
}
