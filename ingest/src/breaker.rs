//! Spares messages the wait for a server that does not answer: after failures in a row it is left
//! alone for a second, then one message tries it.

use std::{
    sync::atomic::{AtomicU32, AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// How long a server is left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// Closed while all is well. Only those who came to do the same share one.
pub(crate) struct Breaker {
    since: Instant,
    /// Failures in a row that open it.
    patience: u32,
    failures: AtomicU32,
    /// Milliseconds from `since` until which nobody tries; 0 while closed.
    open_until: AtomicU64,
}

impl Breaker {
    pub(crate) fn new(now: Instant, patience: u32) -> Self {
        Self {
            since: now,
            patience,
            failures: AtomicU32::new(0),
            open_until: AtomicU64::new(0),
        }
    }

    /// Whether it is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.open_until.load(Ordering::Relaxed) == 0
    }

    /// Whether to try now. While it is open that is at most one caller a pause.
    pub(crate) fn may_try(&self, now: Instant) -> bool {
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
    pub(crate) fn succeed(&self) {
        self.failures.store(0, Ordering::Relaxed);
        self.open_until.store(0, Ordering::Relaxed);
    }

    /// It did not answer. Says whether that opens it.
    pub(crate) fn fail(&self, now: Instant) -> bool {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed);
        failures.saturating_add(1) >= self.patience
            && self
                .open_until
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
        let breaker = Breaker::new(start, 1);
        assert!(breaker.may_try(start) && breaker.may_try(start));
        assert!(breaker.fail(start) && !breaker.fail(start));
        assert!(!breaker.may_try(start) && !breaker.is_closed());
        assert!(breaker.may_try(start + PAUSE));
        assert!(!breaker.may_try(start + PAUSE));
        breaker.succeed();
        assert!(breaker.may_try(start + PAUSE) && breaker.is_closed());
    }

    #[test]
    fn only_failures_in_a_row_open_it() {
        let start = Instant::now();
        let breaker = Breaker::new(start, 3);
        for _ in 0..4 {
            assert!(!breaker.fail(start) && !breaker.fail(start));
            breaker.succeed();
        }
        assert!(!breaker.fail(start) && !breaker.fail(start) && breaker.fail(start));
        assert!(!breaker.may_try(start));
    }
}
