//! `whatsapp_reply_parts`: the messages of ours that a reply consists of, each posted once, and
//! where it stands. Every change is one statement that changes nothing where somebody else was
//! faster.

mod called_back;
mod erasing;
mod failing;
mod holding;
mod posting;

pub use self::{
    called_back::{Failure, Post, fail_called_back, move_forward},
    erasing::{ERASED, erase_texts_of_messages, fail_erased_of_messages, fail_erased_of_notices},
    failing::{
        Withheld, discard, doubt_unsettled, drop_outlived, fail, fail_after, note_told, revive,
        withhold, withhold_failed, withhold_of_link, withhold_refused,
    },
    holding::{hold, hold_refused, release_held},
    posting::{
        Taken, accept, adopt_called_back, doubt, doubt_again, intend, intend_at_once,
        post_once_more, put_back,
    },
};

use crate::word::words;

words! {
    /// Where a part stands.
    pub enum State {
        /// To be posted.
        Pending = "pending",
        /// A post has begun, under a claim that may have ended since.
        Posting = "posting",
        /// Nobody can say whether Twilio took it.
        Unknown = "unknown",
        /// Twilio has it.
        Accepted = "accepted",
        /// Until its recipient writes.
        Held = "held",
        /// For good, or until an operator replays it.
        Failed = "failed",
    }
}

impl State {
    /// Whether a part that stands here may come to stand there, or stays. No post begins but from
    /// `pending`.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Pending, Self::Posting)
            // Twilio took it: as it, a callback or its list says, also of what was given up.
            | (
                Self::Pending | Self::Posting | Self::Unknown | Self::Held | Self::Failed,
                Self::Accepted,
            )
            // Nobody knows; after a restore that holds for all that was open.
            | (Self::Pending | Self::Posting | Self::Held | Self::Failed, Self::Unknown)
            // It was not taken, or not delivered: once more, when its recipient writes, or never.
            | (
                Self::Posting | Self::Unknown | Self::Accepted | Self::Held | Self::Failed,
                Self::Pending,
            )
            | (
                Self::Pending | Self::Posting | Self::Unknown | Self::Accepted | Self::Failed,
                Self::Held,
            )
            | (
                Self::Pending | Self::Posting | Self::Unknown | Self::Accepted | Self::Held,
                Self::Failed,
            ) => true,
            _ => self as u8 == next as u8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{State, Withheld};
    use crate::written;

    const TABLE: &str = "whatsapp_reply_parts";

    #[test]
    fn the_states_are_those_that_the_table_takes() {
        let words: Vec<&str> = State::ALL.iter().map(|state| state.as_str()).collect();
        assert_eq!(written::words_checked_in(TABLE, "state"), words);
    }

    #[test]
    fn the_reasons_for_withholding_are_those_that_the_table_takes() {
        let words: Vec<&str> = Withheld::ALL.iter().map(|why| why.as_str()).collect();
        assert_eq!(written::words_checked_in(TABLE, "withheld"), words);
    }

    #[test]
    fn every_statement_keeps_to_the_transitions() {
        let states = (State::ALL, State::as_str as fn(State) -> _);
        written::all_follow((TABLE, 18), states, State::may_become);
    }

    #[test]
    fn a_post_begins_only_with_what_is_to_be_posted() {
        for state in State::ALL.iter().filter(|state| **state != State::Posting) {
            let may = state.may_become(State::Posting);
            assert_eq!(may, *state == State::Pending, "{state:?}");
        }
    }
}
