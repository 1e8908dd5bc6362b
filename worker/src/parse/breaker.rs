//! The breaker: after so many failures the model is not asked for a while, so that nobody waits
//! for what will not come. Then one request at a time is let through, until one is answered.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};

use super::model::Condition;

/// Outages in a row that open it.
const MOST_OUTAGES: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// All requests pass; so many outages in a row.
    Closed(u32),
    /// None passes before that moment; the first one after it moves it on.
    Open(DateTime<Utc>),
}

/// One process's breaker.
pub(super) struct Breaker {
    /// How long it stays open before the model is probed.
    pause: TimeDelta,
    /// Shows it to the rest of the process.
    light: Arc<AtomicBool>,
    state: Mutex<State>,
}

impl Breaker {
    /// A closed one.
    pub(super) fn new(pause: TimeDelta, light: Arc<AtomicBool>) -> Self {
        metrics::gauge!("model_breaker_open").set(0.0);
        Self {
            pause,
            light,
            state: Mutex::new(State::Closed(0)),
        }
    }

    /// Whether the model may be asked now. While it is open, a probe that never reports back is
    /// followed by another after a pause.
    pub(super) fn admits(&self, now: DateTime<Utc>) -> bool {
        self.change(|state| match state {
            State::Closed(_) => (state, true),
            State::Open(until) if now < until => (state, false),
            State::Open(_) => (State::Open(now + self.pause), true),
        })
    }

    /// Takes note of how the model was found.
    pub(super) fn note(&self, now: DateTime<Utc>, found: Condition) {
        let open = State::Open(now + self.pause);
        let (before, after) = self.change(|state| {
            let next = match (found, state) {
                (Condition::Answers, _) => State::Closed(0),
                (Condition::Away, State::Closed(outages)) if outages + 1 < MOST_OUTAGES => {
                    State::Closed(outages + 1)
                }
                (Condition::Away | Condition::Shut, _) => open,
            };
            (next, (state, next))
        });
        let is_open = matches!(after, State::Open(_));
        self.light.store(is_open, Ordering::Relaxed);
        match (before, after) {
            (State::Closed(_), State::Open(_)) => {
                metrics::gauge!("model_breaker_open").set(1.0);
                tracing::error!(condition = ?found, "the model is not asked for a while");
            }
            (State::Open(_), State::Closed(_)) => {
                metrics::gauge!("model_breaker_open").set(0.0);
                tracing::info!("the model answers again");
            }
            _ => {}
        }
    }

    fn change<T>(&self, decide: impl FnOnce(State) -> (State, T)) -> T {
        // The state is replaced in one step: a panic elsewhere cannot have left it half-made.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (next, answer) = decide(*state);
        *state = next;
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: TimeDelta = TimeDelta::seconds(30);

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a moment")
    }

    fn open() -> Breaker {
        let breaker = Breaker::new(PAUSE, Arc::default());
        breaker.note(at(0), Condition::Shut);
        breaker
    }

    #[test]
    fn outages_in_a_row_open_it_and_an_answer_between_them_starts_anew() {
        let breaker = Breaker::new(PAUSE, Arc::default());
        for _ in 0..5 {
            breaker.note(at(0), Condition::Away);
            breaker.note(at(0), Condition::Away);
            assert!(breaker.admits(at(0)));
            breaker.note(at(0), Condition::Answers);
        }
        for _ in 0..MOST_OUTAGES {
            assert!(breaker.admits(at(0)));
            breaker.note(at(0), Condition::Away);
        }
        assert!(!breaker.admits(at(0)));
    }

    #[test]
    fn what_somebody_has_to_mend_opens_it_at_once() {
        assert!(!open().admits(at(29)));
    }

    #[test]
    fn after_the_pause_one_probe_passes_and_its_answer_closes_it() {
        let breaker = open();
        assert!(breaker.admits(at(30)));
        assert!(!breaker.admits(at(31)));
        breaker.note(at(32), Condition::Answers);
        assert!(breaker.admits(at(32)));
    }

    #[test]
    fn a_probe_that_fails_keeps_it_open_for_another_pause() {
        let breaker = open();
        assert!(breaker.admits(at(30)));
        breaker.note(at(40), Condition::Away);
        assert!(!breaker.admits(at(69)));
        assert!(breaker.admits(at(70)));
    }

    #[test]
    fn a_probe_that_never_reports_back_is_followed_by_another() {
        let breaker = open();
        assert!(breaker.admits(at(30)));
        assert!(!breaker.admits(at(59)));
        assert!(breaker.admits(at(60)));
    }
}
