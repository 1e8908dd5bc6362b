//! What a look puts on the queue.

use super::Reconciler;
use crate::{
    payload::{InboundMessage, InboundPayload, Refused, StatusPayload, encode},
    queue::{Headers, Outgoing, PublishId, StreamName, headers},
    sender::Lane,
};

impl Reconciler {
    /// A message as its webhook would have queued it, under the same id.
    pub(super) fn recovery(&self, message: &InboundMessage) -> Outgoing {
        let identity = message.from.identity();
        let sender = self.keys.sender(&identity);
        let mut with = Headers::new();
        let now = self.clock.now().to_rfc3339();
        with.insert(headers::RECOVERED, now.as_str());
        let topology = self.queue.topology();
        Outgoing {
            subject: topology.inbound_subject(Lane::of(&identity), &sender),
            id: PublishId::message(&message.message_sid),
            headers: with,
            payload: encode(&InboundPayload::V1(message.clone())).into(),
        }
    }

    /// A refusal that could not be stored when it was made is stored now: it is final.
    pub(super) fn refusal(&self, message: &InboundMessage) -> Outgoing {
        let sender = self.keys.sender(&message.from.identity());
        let refused = Refused {
            message_sid: message.message_sid.clone(),
            refused_at: message.received_at,
        };
        Outgoing {
            subject: self.queue.topology().subject(StreamName::Refused, &sender),
            id: PublishId::refusal(&message.message_sid),
            headers: Headers::new(),
            payload: encode(&StatusPayload::Refused(refused)).into(),
        }
    }
}
