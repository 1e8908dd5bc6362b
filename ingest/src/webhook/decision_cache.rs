//! What was decided about a message, remembered for a while: a `MessageSid` that comes again is
//! neither counted nor decided again.

use std::time::{Duration, Instant};

use common::sid::MessageSid;

use super::generations::Generations;

/// Whether a message is within the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is.
    Allowed,
    /// It is not.
    Refused {
        /// How long the sender has to wait.
        wait: Duration,
        /// Whether this is the message whose answer says so.
        tell: bool,
    },
}

impl Verdict {
    /// How long the sender has to wait: zero where it is allowed.
    pub(super) fn wait(self) -> Duration {
        match self {
            Self::Allowed => Duration::ZERO,
            Self::Refused { wait, .. } => wait,
        }
    }
}

/// How many decisions a generation holds; two of them stay below 30 MiB.
const MOST: usize = 200_000;
/// How long a generation lasts: a decision is remembered for one to two of them.
const GENERATION: Duration = Duration::from_mins(30);

/// Decisions by `MessageSid`.
pub(crate) struct DecisionCache(Generations<u128, Verdict>);

impl DecisionCache {
    pub(crate) fn new(now: Instant) -> Self {
        Self(Generations::new(now, MOST, GENERATION))
    }

    /// What was decided about that message.
    pub(crate) fn recall(&self, sid: &MessageSid) -> Option<Verdict> {
        self.0.get(&compact(sid))
    }

    /// Remembers a decision, unless there was one already; returns the one that stands, and
    /// whether it is this one.
    pub(crate) fn keep(&mut self, sid: &MessageSid, verdict: Verdict) -> (Verdict, bool) {
        if let Some(earlier) = self.recall(sid) {
            return (earlier, false);
        }
        self.0.put(compact(sid), verdict);
        (verdict, true)
    }

    /// Forgets the old generation when its time is over.
    pub(crate) fn age(&mut self, now: Instant) {
        self.0.age(now);
    }
}

/// The 32 hex digits as a number. `SM` and `MM` share it, and no two messages share the digits.
fn compact(sid: &MessageSid) -> u128 {
    u128::from_str_radix(&sid.as_str()[2..], 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_decision_stands() {
        let sid = MessageSid::parse(&format!("SM{:032x}", 1)).unwrap();
        let refused = Verdict::Refused {
            wait: Duration::from_secs(6),
            tell: true,
        };
        let mut decisions = DecisionCache::new(Instant::now());
        assert_eq!(decisions.recall(&sid), None);
        assert_eq!(decisions.keep(&sid, refused), (refused, true));
        assert_eq!(decisions.keep(&sid, Verdict::Allowed), (refused, false));
        assert_eq!(decisions.recall(&sid), Some(refused));
    }
}
