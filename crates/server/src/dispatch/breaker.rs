//! The breaker, as the operator hears of it: once when the provider refuses us, once when it takes dubs again.
//!
//! That nothing is sent meanwhile, and then one create at a time, is the gate's work in the store.

use std::sync::Arc;

use tokio::sync::Mutex;

use crate::store::{ShutReason, Store, StoreError};

/// Of what the operator has been told last. A clone is the same breaker.
#[derive(Debug, Clone, Default)]
pub struct Breaker(Arc<Mutex<Option<Told>>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Told {
    reason: ShutReason,
    /// Whether it was the last process that was refused. The operator may have put it right since: if not, that is news.
    is_recalled: bool,
}

impl Breaker {
    /// At the start, before anything is sent: how the last process was refused stands until a create is answered.
    pub(super) async fn recall(&self, store: &dyn Store) -> Result<(), StoreError> {
        if let Some(reason) = store.gate().await?.shut {
            *self.0.lock().await = Some(Told { reason, is_recalled: true });
            tracing::error!("as the last server was told, {}", operator_line(reason));
        }
        Ok(())
    }

    /// After a create, or the staging of a file, was booked that was turned away for `reason`.
    pub(super) async fn shut(&self, reason: ShutReason) {
        let told = Told { reason, is_recalled: false };
        if self.0.lock().await.replace(told) != Some(told) {
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
        let gate = store.gate().await?;
        Ok(match (gate.shut, gate.problem) {
            (Some(ShutReason::KeyRefused), _) => "key_refused",
            (Some(ShutReason::BalanceTooLow), _) => "balance_too_low",
            (None, Some(_)) => "unavailable",
            (None, None) => "ok",
        })
    }
}

fn operator_line(reason: ShutReason) -> &'static str {
    match reason {
        ShutReason::KeyRefused => "the provider refuses the key: check EACHLABS_API_KEY; dubs wait in the queue",
        ShutReason::BalanceTooLow => "the balance at the provider is too low: top it up; dubs wait in the queue",
    }
}
