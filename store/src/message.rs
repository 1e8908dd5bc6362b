//! `whatsapp_messages`: every message that reached us, for ever, and where it stands.

mod arriving;
mod erasing;
mod failing;
mod routing;
mod settling;

pub use self::{
    arriving::{
        Arrival, Lost, note_forgotten, note_refused, note_refused_all, note_unrouted, register,
        restore,
    },
    erasing::{erase_texts, forget},
    failing::{doubt_unsettled, fail_dead, fail_unsettled, mark_dead, raise_generation, revive},
    routing::{Released, Routed, RoutedState, release_waiting, route},
    settling::{
        CancelledByLink, Expired, cancel, cancel_waiting_of_link, expire_waiting, settle_parsed,
        take_back,
    },
};

use crate::word::words;

words! {
    /// Where a message stands.
    pub enum State {
        /// It came in, and is to be routed.
        Received = "received",
        /// A request that is kept until a project is chosen.
        WaitingProject = "waiting_project",
        /// A request on its way to be understood.
        Routed = "routed",
        /// A proposal was made of it, and answered so.
        Proposed = "proposed",
        /// It was answered, without a proposal.
        Replied = "replied",
        /// It was given up, and answered so.
        Failed = "failed",
        /// A stage gave up on it: a dead letter, until an operator replays or discards that.
        Dead = "dead",
        /// Its sender, or the end of its link, took it back.
        Cancelled = "cancelled",
        /// It came over the limit.
        Refused = "refused",
        /// Its sender was forgotten, and what it said with them.
        Forgotten = "forgotten",
    }
}

impl State {
    /// Whether no stage works on it any more, whoever has it in hand. What failed was discarded,
    /// and answered so.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::Failed | Self::Cancelled | Self::Refused | Self::Forgotten => true,
            Self::Received
            | Self::WaitingProject
            | Self::Routed
            | Self::Proposed
            | Self::Replied
            | Self::Dead => false,
        }
    }

    /// The words of those that are final.
    #[must_use]
    pub fn final_words() -> Vec<&'static str> {
        let all = Self::ALL.iter().filter(|state| state.is_final());
        all.map(|state| state.as_str()).collect()
    }

    /// Whether a message that stands here may come to stand there, or stays. What is forgotten
    /// stays so; everything else may be forgotten.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            // Work on it goes on, or ends.
            (
                Self::Received | Self::Dead,
                Self::Routed | Self::WaitingProject | Self::Replied | Self::Dead | Self::Failed,
            )
            | (Self::Routed, Self::Proposed | Self::Replied | Self::Dead | Self::Failed)
            | (
                Self::WaitingProject,
                Self::Routed | Self::Replied | Self::Dead | Self::Failed,
            )
            // A dead letter is replayed; one that is replayed is read as it comes.
            | (Self::Dead, Self::Received | Self::Proposed)
            // It is taken back.
            | (
                Self::WaitingProject | Self::Routed | Self::Dead | Self::Proposed,
                Self::Cancelled,
            )
            | (_, Self::Forgotten) => true,
            _ => self as u8 == next as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::State;
    use crate::written;

    const TABLE: &str = "whatsapp_messages";

    #[test]
    fn the_states_are_those_that_the_table_takes() {
        let words: Vec<&str> = State::ALL.iter().map(|state| state.as_str()).collect();
        assert_eq!(written::words_checked_in(TABLE, "state"), words);
    }

    #[test]
    fn every_statement_keeps_to_the_transitions() {
        let states = (State::ALL, State::as_str as fn(State) -> _);
        written::all_follow((TABLE, 10), states, State::may_become);
    }

    #[test]
    fn what_is_final_is_only_ever_forgotten() {
        for state in State::ALL.iter().filter(|state| state.is_final()) {
            let next = State::ALL.iter().filter(|next| state.may_become(**next));
            assert!(
                next.clone()
                    .all(|next| next == state || *next == State::Forgotten),
                "{state:?}"
            );
        }
    }
}
