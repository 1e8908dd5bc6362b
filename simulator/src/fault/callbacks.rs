//! What can go wrong with status callbacks.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::{Deserialize, Serialize};

use crate::message::Status;

/// How status callbacks misbehave; everything off by default.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallbackFaults {
    /// Newest status first.
    pub out_of_order: bool,
    /// Each one twice.
    pub duplicate: bool,
    /// How likely each one is lost, 0 to 1.
    pub drop_probability: f64,
    /// Milliseconds before each one, beside the usual delay.
    pub delay_ms: u64,
    /// Start of the dice.
    pub seed: u64,
    /// Statuses after this one are never reached: `sent` for a sender who blocked us, `delivered`
    /// where receipts are off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_status: Option<Status>,
}

/// The faults in force, with their dice.
#[derive(Debug)]
pub struct CallbackRules {
    faults: CallbackFaults,
    dice: StdRng,
}

impl CallbackRules {
    /// Starts over with `faults`.
    #[must_use]
    pub fn new(faults: CallbackFaults) -> Self {
        let dice = StdRng::seed_from_u64(faults.seed);
        Self { faults, dice }
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> &CallbackFaults {
        &self.faults
    }

    /// How many times the next callback is posted: 0, 1 or 2.
    pub fn copies(&mut self) -> usize {
        if self
            .dice
            .random_bool(self.faults.drop_probability.clamp(0.0, 1.0))
        {
            0
        } else {
            1 + usize::from(self.faults.duplicate)
        }
    }
}

impl Default for CallbackRules {
    fn default() -> Self {
        Self::new(CallbackFaults::default())
    }
}
