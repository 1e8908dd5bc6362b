//! What was decided about a message, remembered for a while: a `MessageSid` that comes again is
//! neither counted nor decided again.

use std::{
    collections::HashMap,
    mem,
    time::{Duration, Instant},
};

use common::sid::MessageSid;

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

/// How many judgements a generation holds; two of them stay below 30 MiB.
const MOST: usize = 200_000;
/// How long a generation lasts: a judgement is remembered for one to two of them.
const GENERATION: Duration = Duration::from_mins(30);

/// Judgements by `MessageSid`, in two generations, so that forgetting costs nothing.
pub(crate) struct Judgements {
    young: HashMap<u128, Verdict>,
    old: HashMap<u128, Verdict>,
    since: Instant,
}

impl Judgements {
    pub(crate) fn new(now: Instant) -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            since: now,
        }
    }

    /// What was decided about that message.
    pub(crate) fn recall(&self, sid: &MessageSid) -> Option<Verdict> {
        let key = compact(sid);
        self.young.get(&key).or_else(|| self.old.get(&key)).copied()
    }

    /// Remembers a decision, unless there was one already; answers the one that stands, and
    /// whether it is this one.
    pub(crate) fn keep(&mut self, sid: &MessageSid, verdict: Verdict) -> (Verdict, bool) {
        if let Some(earlier) = self.recall(sid) {
            return (earlier, false);
        }
        if self.young.len() >= MOST {
            self.age(self.since + GENERATION);
        }
        self.young.insert(compact(sid), verdict);
        (verdict, true)
    }

    /// Forgets the old generation when its time is over.
    pub(crate) fn age(&mut self, now: Instant) {
        if now.duration_since(self.since) >= GENERATION {
            self.old = mem::take(&mut self.young);
            self.since = now;
        }
    }
}

/// The 32 hex digits as a number. `SM` and `MM` share it, and no two messages share the digits.
fn compact(sid: &MessageSid) -> u128 {
    u128::from_str_radix(&sid.as_str()[2..], 16).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sid(n: usize) -> MessageSid {
        MessageSid::parse(&format!("SM{n:032x}")).unwrap()
    }

    #[test]
    fn the_first_judgement_stands() {
        let refused = Verdict::Refused {
            wait: Duration::from_secs(6),
            tell: true,
        };
        let mut judgements = Judgements::new(Instant::now());
        assert_eq!(judgements.recall(&sid(1)), None);
        assert_eq!(judgements.keep(&sid(1), refused), (refused, true));
        assert_eq!(judgements.keep(&sid(1), Verdict::Allowed), (refused, false));
        assert_eq!(judgements.recall(&sid(1)), Some(refused));
    }

    #[test]
    fn memory_stays_bounded_and_the_latest_are_kept() {
        let mut judgements = Judgements::new(Instant::now());
        for n in 0..3 * MOST {
            judgements.keep(&sid(n), Verdict::Allowed);
        }
        assert!(judgements.young.len() + judgements.old.len() <= 2 * MOST);
        assert!(judgements.recall(&sid(3 * MOST - 1)).is_some());
        assert!(judgements.recall(&sid(0)).is_none());
    }
}
