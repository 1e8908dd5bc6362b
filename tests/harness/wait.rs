//! Waiting for a condition, with a deadline that no healthy system comes near.

use std::{fmt::Debug, future::Future, time::Duration};

use tokio::time::Instant;

/// Longest wait for anything that does not move.
const DEADLINE: Duration = Duration::from_mins(1);
/// Longest wait for what still moves: a count that grows on a slow machine.
const MOVING: Duration = Duration::from_mins(5);
/// How often a condition is looked at.
const LOOK: Duration = Duration::from_millis(40);

/// The moment so many minutes ago.
#[must_use]
pub fn ago(minutes: i64) -> chrono::DateTime<chrono::Utc> {
    chrono::Utc::now() - chrono::Duration::minutes(minutes)
}

/// Waits until `look` answers a value for which `good` holds, and gives that value.
pub async fn until<T, F, Fut>(what: &str, mut look: F, good: impl Fn(&T) -> bool) -> T
where
    T: Debug,
    F: FnMut() -> Fut,
    Fut: Future<Output = T>,
{
    let began = Instant::now();
    let (mut moved, mut last) = (began, String::new());
    loop {
        let value = look().await;
        if good(&value) {
            return value;
        }
        let seen = format!("{value:#?}");
        if seen != last {
            (moved, last) = (Instant::now(), seen);
        }
        assert!(
            moved.elapsed() < DEADLINE && began.elapsed() < MOVING,
            "waited in vain for: {what}; last: {last}"
        );
        tokio::time::sleep(LOOK).await;
    }
}
