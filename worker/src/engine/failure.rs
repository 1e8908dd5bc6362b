//! Why a stage is not through with a message, with what it found out about it before.

use common::{sid::MessageSid, trace::Trace};
use uuid::Uuid;

use crate::engine::stage_error::StageError;

/// What the queue is told of, and operators where it is given up.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What went wrong, and so what is to be done.
    pub(crate) error: StageError,
    /// What is known of the message, also where the attempt was cut off.
    pub(crate) findings: Findings,
}

/// What a stage has found out about a message by then: a dead letter tells it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    /// Attempts so far; where no stage counts them, the queue's deliveries.
    pub(crate) attempts: Option<i32>,
    /// The message that it is about, where the payload does not name it.
    pub(crate) message_sid: Option<MessageSid>,
    /// The reply that was being sent.
    pub(crate) reply: Option<Uuid>,
    /// Its trace, where that is another than the one the queue's message carries.
    pub(crate) trace: Option<Trace>,
}

impl Findings {
    /// So many attempts, and nothing else.
    pub(crate) fn counted(attempts: i32) -> Self {
        Self {
            attempts: Some(attempts),
            ..Self::default()
        }
    }
}
