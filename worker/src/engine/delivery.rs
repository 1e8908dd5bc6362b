//! One message in hand: where it stands in its stream, and what can be said to the queue of it.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI32, Ordering},
    },
    time::Duration,
};

use async_nats::jetstream::{AckKind, Message};
use chrono::{DateTime, Utc};
use common::{
    queue::{Headers, Queue, headers, is_filler},
    sid::MessageSid,
    trace,
};
use serde::{Deserialize, Serialize};

use crate::engine::stage_error::StageError;

/// A place in a stream. Places of one stream are ordered; a stream that was made anew comes
/// after the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct StreamPosition {
    /// When the stream was created, in milliseconds since 1970.
    pub(crate) stream_created: i64,
    /// The message's sequence in it, from 1.
    pub(crate) sequence: i64,
}

impl StreamPosition {
    /// When the stream was created.
    pub(crate) fn created_at(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.stream_created).unwrap_or_default()
    }
}

/// A message that a stage has in hand.
pub(crate) struct Delivery {
    message: Message,
    place: StreamPosition,
    stream: String,
    delivered: i64,
    begun_attempt: AtomicI32,
    ended_attempt: AtomicI32,
    claimed: AtomicBool,
    marked: AtomicBool,
    named: Mutex<Named>,
}

/// What the log lines of a delivery name already.
#[derive(Default)]
struct Named {
    message: Option<MessageSid>,
    reply: Option<MessageSid>,
}

impl Delivery {
    /// Takes a message from the queue; `None` where its reply subject is not JetStream's, and where it
    /// only takes a place.
    pub(crate) fn new(message: Message, stream_created: i64) -> Option<Self> {
        if is_filler(&message.subject) {
            return None;
        }
        let info = message.info().ok()?;
        let place = StreamPosition {
            stream_created,
            sequence: i64::try_from(info.stream_sequence).ok()?,
        };
        let (stream, delivered) = (info.stream.to_owned(), info.delivered);
        Some(Self {
            message,
            place,
            stream,
            delivered,
            begun_attempt: AtomicI32::new(0),
            ended_attempt: AtomicI32::new(0),
            claimed: AtomicBool::new(false),
            marked: AtomicBool::new(false),
            named: Mutex::default(),
        })
    }

    pub(crate) fn payload(&self) -> &[u8] {
        &self.message.payload
    }

    pub(crate) fn subject(&self) -> &str {
        &self.message.subject
    }

    /// The last part of its subject: the sender's keyed hash.
    pub(crate) fn sender(&self) -> &str {
        self.subject().rsplit('.').next().unwrap_or_default()
    }

    pub(crate) fn headers(&self) -> Headers {
        self.message.headers.clone().unwrap_or_default()
    }

    pub(crate) fn place(&self) -> StreamPosition {
        self.place
    }

    /// `<stream>:<created>:<sequence>`: names this message for ever.
    pub(crate) fn source(&self) -> String {
        format!(
            "{}:{}:{}",
            self.stream, self.place.stream_created, self.place.sequence
        )
    }

    /// How often the queue has handed it out, this time included.
    pub(crate) fn delivered(&self) -> i64 {
        self.delivered
    }

    /// How often it came back before, as an index into a schedule.
    pub(crate) fn repetition(&self) -> usize {
        usize::try_from(self.delivered.saturating_sub(1)).unwrap_or(0)
    }

    /// The message's generation, from its header.
    pub(crate) fn generation(&self) -> i32 {
        let header = self.header(headers::GENERATION);
        header.and_then(|value| value.parse().ok()).unwrap_or(1)
    }

    /// When it was fetched from Twilio's log, where its webhook did not bring it.
    pub(crate) fn recovered_at(&self) -> Option<DateTime<Utc>> {
        let header = self.header(headers::RECOVERED)?;
        let at = DateTime::parse_from_rfc3339(header).ok()?;
        Some(at.with_timezone(&Utc))
    }

    fn header(&self, name: &'static str) -> Option<&str> {
        let value = self.message.headers.as_ref()?.get(name)?;
        Some(value.as_str())
    }

    /// The attempt of this very delivery that ended without an outcome, if any: claiming again
    /// does not count it as one that never ended.
    pub(crate) fn ended_attempt(&self) -> i32 {
        self.ended_attempt.load(Ordering::Relaxed)
    }

    /// See [`Delivery::ended_attempt`].
    pub(crate) fn attempt_ended(&self, attempt: i32) {
        self.ended_attempt.store(attempt, Ordering::Relaxed);
    }

    /// An attempt of this very delivery has begun.
    pub(crate) fn attempt_began(&self, attempt: i32) {
        self.begun_attempt.store(attempt, Ordering::Relaxed);
    }

    /// The attempt that began last was cut off: it has ended, as in [`Delivery::attempt_ended`].
    pub(crate) fn begun_attempt_ended(&self) {
        self.attempt_ended(self.begun_attempt.load(Ordering::Relaxed));
    }

    /// Whether it was found in the ledger, and claimed there, in this delivery.
    pub(crate) fn is_claimed(&self) -> bool {
        self.claimed.load(Ordering::Relaxed)
    }

    /// See [`Delivery::is_claimed`].
    pub(crate) fn claimed(&self) {
        self.claimed.store(true, Ordering::Relaxed);
    }

    /// Whether an attempt of this delivery was written down as begun, and not yet as ended.
    pub(crate) fn is_marked(&self) -> bool {
        self.marked.load(Ordering::Relaxed)
    }

    /// See [`Delivery::is_marked`].
    pub(crate) fn mark(&self, begun: bool) {
        self.marked.store(begun, Ordering::Relaxed);
    }

    /// Makes its log lines name the message whose way this is.
    pub(crate) fn is_of_message(&self, sid: &MessageSid) {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.message.as_ref() != Some(sid) {
            trace::of_message(sid);
            named.message = Some(sid.clone());
        }
    }

    /// Makes its log lines name our own message that it is about.
    pub(crate) fn is_of_reply(&self, sid: &MessageSid) {
        let mut named = self.named.lock().unwrap_or_else(PoisonError::into_inner);
        if named.reply.as_ref() != Some(sid) {
            trace::of_reply(sid);
            named.reply = Some(sid.clone());
        }
    }

    /// Done with it.
    pub(crate) async fn acknowledge(&self) {
        self.say(AckKind::Ack).await;
    }

    /// Still at it: the queue waits another `ack_wait`.
    pub(crate) async fn progress(&self) {
        self.say(AckKind::Progress).await;
    }

    /// Back to the queue, to come again after `delay`.
    pub(crate) async fn give_back(&self, delay: Duration) {
        self.say(AckKind::Nak(Some(delay))).await;
    }

    /// Takes it out of its stream: its sender was forgotten, and with it what it says. Whoever
    /// published it late had it in hand at that time.
    pub(crate) async fn erase(&self, queue: &Queue) -> Result<(), StageError> {
        let sequence = u64::try_from(self.place.sequence).unwrap_or_default();
        let erased = queue.erase(&self.stream, sequence).await;
        erased.map_err(|error| StageError::Unavailable(error.into()))?;
        metrics::counter!("messages_erased_total").increment(1);
        Ok(())
    }

    /// Never again: it is in the dead letters.
    pub(crate) async fn terminate(&self) {
        self.say(AckKind::Term).await;
    }

    /// What is not heard is said again at the next delivery, so a failure is only logged.
    async fn say(&self, kind: AckKind) {
        if let Err(error) = self.message.ack_with(kind).await {
            tracing::warn!(%error, source = self.source(), "telling the queue");
        }
    }
}
