//! Publishing: waits for the stream's acknowledgement, and says what is known when none comes.

use std::time::Instant;

use async_nats::jetstream::{context::PublishErrorKind, message::PublishMessage};
use bytes::Bytes;
use tracing::Instrument as _;

use super::{connection::Queue, headers::Headers, measured, publish_id::PublishId};
use crate::trace;

/// One message to be stored.
#[derive(Debug)]
pub struct Outgoing {
    /// Where it goes.
    pub subject: String,
    /// `Nats-Msg-Id`.
    pub id: PublishId,
    /// Further headers.
    pub headers: Headers,
    /// The payload.
    pub payload: Bytes,
}

/// The stream has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its place in the stream; a duplicate has the place of the original.
    pub sequence: u64,
    /// Whether the stream had this id already.
    pub duplicate: bool,
}

/// Why there is no acknowledgement.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// There is no connection: nothing was sent.
    #[error("not connected to NATS")]
    NotConnected,
    /// No acknowledgement in time: it may be stored or not, and may be stored later.
    #[error("NATS did not acknowledge in time")]
    Unknown,
    /// The stream is full and refuses.
    #[error("the stream is full")]
    Full,
    /// The stream refuses for another reason, or is not there.
    #[error("NATS refused: {0}")]
    Refused(String),
}

impl PublishError {
    /// One word for it, in metrics and traces.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotConnected => "not_connected",
            Self::Unknown => "unknown",
            Self::Full => "full",
            Self::Refused(_) => "refused",
        }
    }
}

/// JetStream's error codes for a full stream (nats-server, `errors.json`: maximum bytes,
/// maximum messages, insufficient storage).
const FULL_WORDS: [&str; 3] = ["10077", "10047", "10023"];

impl Queue {
    /// Stores one message. It carries the trace of its headers, else that of the current span.
    ///
    /// # Errors
    /// Says whether it may have been stored nevertheless.
    pub async fn publish(&self, outgoing: Outgoing) -> Result<Stored, PublishError> {
        if !self.is_connected() {
            return Err(PublishError::NotConnected);
        }
        let Outgoing {
            subject,
            id,
            mut headers,
            payload,
        } = outgoing;
        let (began, to) = (Instant::now(), subject.clone());
        let span = trace::publish(&subject, id.as_str(), &mut headers);
        let message = PublishMessage::build()
            .headers(headers)
            .message_id(id.as_str())
            .payload(payload);
        let result = self.store(subject, message).instrument(span.clone()).await;
        let failure = result.as_ref().err().map(PublishError::name);
        measured::published(&to, began.elapsed(), failure);
        if let Some(failure) = failure {
            trace::failed(&span, failure);
        }
        result
    }

    async fn store(
        &self,
        subject: String,
        message: PublishMessage,
    ) -> Result<Stored, PublishError> {
        let ack = self
            .context
            .send_publish(subject, message)
            .await
            .map_err(|e| classify(&e))?;
        let ack = ack.await.map_err(|error| classify(&error))?;
        Ok(Stored {
            sequence: ack.sequence,
            duplicate: ack.duplicate,
        })
    }
}

fn classify(error: &async_nats::jetstream::context::PublishError) -> PublishError {
    match error.kind() {
        PublishErrorKind::TimedOut | PublishErrorKind::BrokenPipe => PublishError::Unknown,
        _ => {
            let text = error.to_string();
            if FULL_WORDS.iter().any(|code| text.contains(code)) {
                PublishError::Full
            } else {
                PublishError::Refused(text)
            }
        }
    }
}
