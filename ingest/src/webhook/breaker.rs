//! Spares messages the wait for a Redis that does not answer: after a failure it is left alone
//! for a second, then one message tries it.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// How long Redis is left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// Closed while all is well.
pub(super) struct Breaker {
    since: Instant,
    /// Milliseconds from `since` until which nobody tries; 0 while closed.
    open_until: AtomicU64,
}

impl Breaker {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            since: now,
            open_until: AtomicU64::new(0),
        }
    }

    /// Whether to try now. While it is open that is at most one caller a pause.
    pub(super) fn may_try(&self, now: Instant) -> bool {
        let open_until = self.open_until.load(Ordering::Relaxed);
        open_until == 0
            || self.millis(now) >= open_until
                && self
                    .open_until
                    .compare_exchange(
                        open_until,
                        self.millis(now + PAUSE),
                        Ordering::Relaxed,
                        Ordering::Relaxed,
                    )
                    .is_ok()
    }

    /// It answered.
    pub(super) fn close(&self) {
        self.open_until.store(0, Ordering::Relaxed);
    }

    /// It did not answer. Says whether that is news.
    pub(super) fn open(&self, now: Instant) -> bool {
        self.open_until
            .swap(self.millis(now + PAUSE), Ordering::Relaxed)
            == 0
    }

    fn millis(&self, at: Instant) -> u64 {
        u64::try_from(at.duration_since(self.since).as_millis())
            .unwrap_or(u64::MAX)
            .max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_failure_one_caller_a_pause_tries() {
        let start = Instant::now();
        let breaker = Breaker::new(start);
        assert!(breaker.may_try(start) && breaker.may_try(start));
        assert!(breaker.open(start) && !breaker.open(start));
        assert!(!breaker.may_try(start));
        assert!(breaker.may_try(start + PAUSE));
        assert!(!breaker.may_try(start + PAUSE));
        breaker.close();
        assert!(breaker.may_try(start + PAUSE));
    }
}
