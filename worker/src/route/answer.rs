//! What a turn of the conversation comes to.

use common::sid::MessageSid;
use parser::Language;
use store::message::RoutedState;
use uuid::Uuid;

use super::{account::Link, side_effects::SideEffects};
use crate::{engine::outbox::Next, reply::ReplyKind, session::Session};

/// Something said to the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) kind: ReplyKind,
    pub(crate) text: String,
}

/// The final reply of a request that was cancelled.
pub(crate) struct Cancelled {
    pub(super) message_sid: MessageSid,
    pub(super) text: String,
}

/// All that follows from one message.
pub(crate) struct Answer {
    pub(super) state: RoutedState,
    pub(super) reply: Option<Said>,
    /// The session as it shall be; `None` leaves it untouched.
    pub(super) session: Option<Session>,
    /// It shows a list to pick from, or asks a question: the session has it.
    pub(super) asks: bool,
    /// It ends the link and with it the conversation: the session becomes a tombstone, and what is
    /// said about it outlives the link.
    pub(super) ends_link: bool,
    /// What the end of links leads to.
    pub(super) side_effects: SideEffects,
    pub(super) next: Vec<Next>,
    /// Requests that it cancelled: each has a final reply of its own.
    pub(super) cancelled: Vec<Cancelled>,
    pub(super) language: Option<Language>,
    pub(super) link: Option<Link>,
    /// Workspace and project that the message is carried out in.
    pub(super) project: Option<(Uuid, Uuid)>,
}

impl Answer {
    /// A final reply and nothing else.
    pub(super) fn saying(text: String) -> Self {
        Self {
            state: RoutedState::Replied,
            reply: Some(Said {
                kind: ReplyKind::Final,
                text,
            }),
            session: None,
            asks: false,
            ends_link: false,
            side_effects: SideEffects::default(),
            next: Vec::new(),
            cancelled: Vec::new(),
            language: None,
            link: None,
            project: None,
        }
    }

    /// Settled without a word.
    pub(super) fn silence() -> Self {
        Self {
            reply: None,
            ..Self::saying(String::new())
        }
    }

    /// The same with a session as it shall be.
    pub(super) fn keeping(mut self, session: Session) -> Self {
        self.session = Some(session);
        self
    }

    /// The same, where what is said asks for an answer.
    pub(super) fn asking(mut self, session: Session) -> Self {
        self.asks = true;
        self.keeping(session)
    }
}
