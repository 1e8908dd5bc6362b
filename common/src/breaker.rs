//! Spares whoever comes the wait for a server that does not answer: after failures in a row it is
//! left alone for a while, then one caller at a time tries it, until one is answered.

use std::{
    sync::atomic::{AtomicU32, AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Closed while all is well. Only those who came to do the same share one.
#[derive(Debug)]
pub struct Breaker {
    since: Instant,
    /// How long the server is left alone.
    pause: Duration,
    /// Failures in a row that open it.
    patience: u32,
    failures: AtomicU32,
    /// Milliseconds from `since` until which nobody tries; 0 while closed.
    open_until: AtomicU64,
}

impl Breaker {
    /// A closed one, that so many failures in a row open.
    #[must_use]
    pub fn new(now: Instant, patience: u32, pause: Duration) -> Self {
        Self {
            since: now,
            pause,
            patience,
            failures: AtomicU32::new(0),
            open_until: AtomicU64::new(0),
        }
    }

    /// Whether it is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.open_until.load(Ordering::Relaxed) == 0
    }

    /// Whether to try now. While it is open that is at most one caller a pause: one that never
    /// reports back is followed by another.
    #[must_use]
    pub fn may_try(&self, now: Instant) -> bool {
        let open_until = self.open_until.load(Ordering::Relaxed);
        open_until == 0
            || self.millis(now) >= open_until
                && self
                    .open_until
                    .compare_exchange(
                        open_until,
                        self.millis(now + self.pause),
                        Ordering::Relaxed,
                        Ordering::Relaxed,
                    )
                    .is_ok()
    }

    /// It answered. Says whether that closes it.
    pub fn succeed(&self) -> bool {
        self.failures.store(0, Ordering::Relaxed);
        self.open_until.swap(0, Ordering::Relaxed) != 0
    }

    /// It did not answer. Says whether that opens it.
    pub fn fail(&self, now: Instant) -> bool {
        let failures = self.failures.fetch_add(1, Ordering::Relaxed);
        failures.saturating_add(1) >= self.patience && self.open(now)
    }

    /// It has failed in a way that passes by nothing but time: opens at once, and says whether it
    /// was closed.
    pub fn open(&self, now: Instant) -> bool {
        // What fails next keeps it open.
        self.failures.store(self.patience, Ordering::Relaxed);
        self.open_until
            .swap(self.millis(now + self.pause), Ordering::Relaxed)
            == 0
    }

    /// At least 1, since 0 says that it is closed.
    fn millis(&self, at: Instant) -> u64 {
        u64::try_from(at.duration_since(self.since).as_millis())
            .unwrap_or(u64::MAX)
            .max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(30);

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    fn open_since(start: Instant) -> Breaker {
        let breaker = Breaker::new(start, 3, PAUSE);
        assert!(breaker.open(start));
        breaker
    }

    #[test]
    fn after_a_failure_one_caller_a_pause_tries() {
        let start = Instant::now();
        let breaker = Breaker::new(start, 1, PAUSE);
        assert!(breaker.may_try(start) && breaker.may_try(start));
        assert!(breaker.fail(start) && !breaker.fail(start));
        assert!(!breaker.may_try(start) && !breaker.is_closed());
        assert!(breaker.may_try(start + PAUSE));
        assert!(!breaker.may_try(start + PAUSE));
        assert!(breaker.succeed() && !breaker.succeed());
        assert!(breaker.may_try(start + PAUSE) && breaker.is_closed());
    }

    #[test]
    fn failures_in_a_row_open_it_and_an_answer_between_them_starts_anew() {
        let start = Instant::now();
        let breaker = Breaker::new(start, 3, PAUSE);
        for _ in 0..4 {
            assert!(!breaker.fail(start) && !breaker.fail(start));
            assert!(!breaker.succeed());
        }
        assert!(!breaker.fail(start) && !breaker.fail(start) && breaker.fail(start));
        assert!(!breaker.may_try(start));
    }

    #[test]
    fn what_somebody_has_to_mend_opens_it_at_once() {
        let start = Instant::now();
        let breaker = open_since(start);
        assert!(!breaker.may_try(after(start, 29)));
        assert!(!breaker.open(start));
    }

    #[test]
    fn after_the_pause_one_probe_passes_and_its_answer_closes_it() {
        let start = Instant::now();
        let breaker = open_since(start);
        assert!(breaker.may_try(after(start, 30)));
        assert!(!breaker.may_try(after(start, 31)));
        assert!(breaker.succeed());
        assert!(breaker.may_try(after(start, 32)));
    }

    #[test]
    fn a_probe_that_fails_keeps_it_open_for_another_pause() {
        let start = Instant::now();
        let breaker = open_since(start);
        assert!(breaker.may_try(after(start, 30)));
        assert!(!breaker.fail(after(start, 40)));
        assert!(!breaker.may_try(after(start, 69)));
        assert!(breaker.may_try(after(start, 70)));
    }

    #[test]
    fn a_probe_that_never_reports_back_is_followed_by_another() {
        let start = Instant::now();
        let breaker = open_since(start);
        assert!(breaker.may_try(after(start, 30)));
        assert!(!breaker.may_try(after(start, 59)));
        assert!(breaker.may_try(after(start, 60)));
    }
}
