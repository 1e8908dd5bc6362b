//! The stages, by name.

use clap::ValueEnum;

use crate::{queue::ConsumerName, sender::Lane};

/// The stages, in the order of a message's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StageName {
    /// Commands, VERIFY, and requests on their way to be understood.
    Route,
    /// From a request to a proposal.
    Parse,
    /// Replies, to Twilio.
    Send,
    /// What Twilio says became of them.
    Status,
    /// Files dead letters.
    Dead,
    /// Publishes again what a next stage never took up.
    Sweep,
    /// Fetches from Twilio's log what never reached us.
    Reconcile,
}

impl StageName {
    /// All stages.
    pub const ALL: [Self; 7] = [
        Self::Route,
        Self::Parse,
        Self::Send,
        Self::Status,
        Self::Dead,
        Self::Sweep,
        Self::Reconcile,
    ];

    /// Its name: in settings, logs, metrics, rows and dead letters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Parse => "parse",
            Self::Send => "send",
            Self::Status => "status",
            Self::Dead => "dead",
            Self::Sweep => "sweep",
            Self::Reconcile => "reconcile",
        }
    }

    /// Its consumers: one for each lane, or one for each of its streams; none where it looks by
    /// itself.
    #[must_use]
    pub fn consumers(self) -> Vec<ConsumerName> {
        match self {
            Self::Route => Lane::all().map(ConsumerName::Route).collect(),
            Self::Parse => vec![ConsumerName::Parse],
            Self::Send => vec![ConsumerName::Send],
            Self::Status => vec![ConsumerName::Status, ConsumerName::Refused],
            Self::Dead => vec![ConsumerName::Dead],
            Self::Sweep | Self::Reconcile => Vec::new(),
        }
    }

    /// Whether it reads from the queue.
    #[must_use]
    pub fn has_queue(self) -> bool {
        !matches!(self, Self::Sweep | Self::Reconcile)
    }

    /// Those that read from the queue.
    pub fn with_queue() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|stage| stage.has_queue())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_named_alike_on_the_command_line_and_everywhere_else() {
        for stage in StageName::ALL {
            let value = stage.to_possible_value().unwrap();
            assert_eq!(value.get_name(), stage.name());
            assert_eq!(stage.has_queue(), !stage.consumers().is_empty());
        }
        assert_eq!(StageName::value_variants(), StageName::ALL);
    }
}
