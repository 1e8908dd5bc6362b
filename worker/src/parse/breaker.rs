//! The model's breaker: after so many failures it is not asked for a while, so that nobody waits for
//! what will not come. Shown to the rest of the process, in a metric and in the log.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use common::breaker::Breaker;

use super::model::Condition;

/// Outages in a row that open it.
const MOST_OUTAGES: u32 = 3;

/// One process's breaker.
pub(super) struct ModelBreaker {
    breaker: Breaker,
    /// Shows it to the rest of the process.
    light: Arc<AtomicBool>,
}

impl ModelBreaker {
    /// A closed one; once open it stays so for that long before the model is probed.
    pub(super) fn new(now: Instant, pause: Duration, light: Arc<AtomicBool>) -> Self {
        metrics::gauge!("model_breaker_open").set(0.0);
        Self {
            breaker: Breaker::new(now, MOST_OUTAGES, pause),
            light,
        }
    }

    /// Whether the model may be asked now.
    pub(super) fn admits(&self, now: Instant) -> bool {
        self.breaker.may_try(now)
    }

    /// Takes note of how the model was found.
    pub(super) fn note(&self, now: Instant, found: Condition) {
        let (opens, closes) = match found {
            Condition::Answers => (false, self.breaker.succeed()),
            Condition::Away => (self.breaker.fail(now), false),
            Condition::Shut => (self.breaker.open(now), false),
        };
        self.light
            .store(!self.breaker.is_closed(), Ordering::Relaxed);
        if opens {
            metrics::gauge!("model_breaker_open").set(1.0);
            tracing::error!(condition = ?found, "the model is not asked for a while");
        }
        if closes {
            metrics::gauge!("model_breaker_open").set(0.0);
            tracing::info!("the model answers again");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(30);

    #[test]
    fn every_condition_of_the_model_moves_it_and_the_light_shows_it() {
        let (now, light) = (Instant::now(), Arc::new(AtomicBool::default()));
        let breaker = ModelBreaker::new(now, PAUSE, Arc::clone(&light));
        let is_lit = || light.load(Ordering::Relaxed);
        for _ in 0..MOST_OUTAGES {
            assert!(breaker.admits(now) && !is_lit());
            breaker.note(now, Condition::Away);
        }
        assert!(!breaker.admits(now) && is_lit());
        breaker.note(now, Condition::Answers);
        assert!(breaker.admits(now) && !is_lit());
        breaker.note(now, Condition::Shut);
        assert!(!breaker.admits(now) && is_lit());
        assert!(breaker.admits(now + PAUSE) && is_lit());
    }
}
