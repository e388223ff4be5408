//! How long a dub will take, as far as our own history can tell.

use contract::Resolution;

use crate::store::{Store, StoreError};

/// How many past dubs are looked at.
const HISTORY: u32 = 20;
/// With fewer than these the history says nothing.
const ENOUGH: usize = 3;

/// The median time, in seconds, that the newest dubs of this resolution took; `default_s` while there are too few.
///
/// # Errors
/// [`StoreError`] when the history cannot be read.
pub async fn estimate(store: &dyn Store, resolution: Resolution, default_s: u32) -> Result<u32, StoreError> {
    let history = store.history(resolution, HISTORY).await?;
    Ok(median(history).unwrap_or(default_s))
}

fn median(mut seconds: Vec<u32>) -> Option<u32> {
    if seconds.len() < ENOUGH {
        return None;
    }
    seconds.sort_unstable();
    seconds.get(seconds.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_enough_history_is_the_estimate() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![10, 20]), None);
        assert_eq!(median(vec![300, 10, 20]), Some(20));
    }
}
