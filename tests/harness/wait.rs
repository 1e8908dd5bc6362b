//! Waiting for a condition, with a deadline that no healthy system comes near.

use std::{fmt::Debug, future::Future, time::Duration};

/// Longest wait for anything.
const DEADLINE: Duration = Duration::from_mins(1);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(40);

/// Waits until `look` answers a value for which `good` holds, and gives that value.
pub async fn until<T, F, Fut>(what: &str, mut look: F, good: impl Fn(&T) -> bool) -> T
where
    T: Debug,
    F: FnMut() -> Fut,
    Fut: Future<Output = T>,
{
    let end = tokio::time::Instant::now() + DEADLINE;
    loop {
        let value = look().await;
        if good(&value) {
            return value;
        }
        assert!(
            tokio::time::Instant::now() < end,
            "waited in vain for: {what}; last: {value:#?}"
        );
        tokio::time::sleep(LOOK).await;
    }
}
