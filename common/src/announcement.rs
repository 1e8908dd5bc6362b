//! Announcing that somebody has something due: what is said stands in PostgreSQL, the queue only
//! names the recipient.

use crate::{
    payload::{Due, OutboundPayload, encode},
    queue::{Headers, Outgoing, PublishId, StreamName, Topology},
    sender::SenderHash,
};

/// Something of ours that was written and is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcement {
    /// Whose it is.
    pub sender: SenderHash,
    /// What is due.
    pub due: Due,
    /// The generation of the message that it answers; 1 where it answers none.
    pub generation: i32,
}

impl Announcement {
    /// As the queue takes it.
    #[must_use]
    pub fn outgoing(&self, topology: &Topology) -> Outgoing {
        Outgoing {
            subject: topology.subject(StreamName::Outbound, &self.sender),
            id: PublishId::announcement(self.due.reply_id, self.generation),
            headers: Headers::new(),
            payload: encode(&OutboundPayload::V1(self.due.clone())).into(),
        }
    }
}
