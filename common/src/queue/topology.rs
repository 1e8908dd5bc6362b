//! Every stream and consumer, declared once, created at start-up and compared with what the
//! server made of it: a server that silently drops a setting is refused.

use std::time::Duration;

use async_nats::jetstream::{
    Context,
    consumer::{AckPolicy, Consumer, FromConsumer, pull},
    stream::{self, DiscardPolicy, RetentionPolicy, StorageType},
};

use super::drift::{DriftError, compare_consumer, compare_stream, refused};
use crate::sender::{Lane, SenderHash};

/// Largest payload with its headers, in bytes, that a stream takes.
pub const LARGEST_MESSAGE: i32 = 256 * 1024;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// The streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreamName {
    /// What people wrote.
    Inbound,
    /// Requests to be understood.
    Parse,
    /// Recipients with something due.
    Outbound,
    /// Status callbacks and refusals.
    Status,
    /// What failed.
    Dead,
}

impl StreamName {
    /// All streams.
    pub const ALL: [Self; 5] = [
        Self::Inbound,
        Self::Parse,
        Self::Outbound,
        Self::Status,
        Self::Dead,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Parse => "parse",
            Self::Outbound => "outbound",
            Self::Status => "status",
            Self::Dead => "dead",
        }
    }
}

/// The durable consumers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConsumerName {
    /// One lane of the inbound stream.
    Route(Lane),
    /// The parse stage.
    Parse,
    /// The send stage.
    Send,
    /// The status stage.
    Status,
    /// The filing of dead letters.
    Dead,
}

impl ConsumerName {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Lane::all()
            .map(Self::Route)
            .chain([Self::Parse, Self::Send, Self::Status, Self::Dead])
    }

    /// The stream that it reads.
    #[must_use]
    pub fn stream(self) -> StreamName {
        match self {
            Self::Route(_) => StreamName::Inbound,
            Self::Parse => StreamName::Parse,
            Self::Send => StreamName::Outbound,
            Self::Status => StreamName::Status,
            Self::Dead => StreamName::Dead,
        }
    }

    /// Its durable name.
    #[must_use]
    pub fn durable(self) -> String {
        match self {
            Self::Route(lane) => format!("route-{lane}"),
            Self::Parse => "parse".to_owned(),
            Self::Send => "send".to_owned(),
            Self::Status => "status".to_owned(),
            Self::Dead => "dead".to_owned(),
        }
    }
}

/// The names and settings of all streams, subjects and consumers.
#[derive(Clone, Debug)]
pub struct Topology {
    prefix: String,
    replicas: usize,
    max_bytes: i64,
    ack_wait: Duration,
}

impl Topology {
    /// A topology under that prefix (lower case); `max_bytes` is the inbound stream's size.
    #[must_use]
    pub fn new(prefix: &str, replicas: usize, max_bytes: i64, ack_wait: Duration) -> Self {
        Self {
            prefix: prefix.to_owned(),
            replicas,
            max_bytes,
            ack_wait,
        }
    }

    /// `FOCO_INBOUND` and so on.
    #[must_use]
    pub fn stream(&self, stream: StreamName) -> String {
        format!("{}_{}", self.prefix, stream.word()).to_uppercase()
    }

    /// `<prefix>.inbound.<lane>.<sender>`.
    #[must_use]
    pub fn inbound_subject(&self, lane: Lane, sender: &SenderHash) -> String {
        format!("{}.inbound.{lane}.{sender}", self.prefix)
    }

    /// `<prefix>.<word>.<sender>`, for the parse, outbound and status streams.
    #[must_use]
    pub fn subject(&self, stream: StreamName, sender: &SenderHash) -> String {
        format!("{}.{}.{sender}", self.prefix, stream.word())
    }

    /// `<prefix>.dead.<stage>.<sender>`.
    #[must_use]
    pub fn dead_subject(&self, stage: &str, sender: &str) -> String {
        format!("{}.dead.{stage}.{sender}", self.prefix)
    }

    /// What a stream's subjects look like; every subject that carries a sender ends in it.
    pub(super) fn stream_subjects(&self, stream: StreamName) -> String {
        let depth = match stream {
            StreamName::Inbound | StreamName::Dead => "*.*",
            StreamName::Parse | StreamName::Outbound | StreamName::Status => "*",
        };
        format!("{}.{}.{depth}", self.prefix, stream.word())
    }

    /// The subjects of all messages of a sender that are on a stream.
    #[must_use]
    pub fn subjects_of_sender(&self, stream: StreamName, sender: &SenderHash) -> String {
        let any = match stream {
            StreamName::Inbound | StreamName::Dead => "*.",
            StreamName::Parse | StreamName::Outbound | StreamName::Status => "",
        };
        format!("{}.{}.{any}{sender}", self.prefix, stream.word())
    }

    /// The subjects that a consumer reads.
    pub(super) fn subjects_of(&self, consumer: ConsumerName) -> String {
        match consumer {
            ConsumerName::Route(lane) => format!("{}.inbound.{lane}.>", self.prefix),
            _ => self.stream_subjects(consumer.stream()),
        }
    }

    /// The declared settings of a stream.
    #[must_use]
    pub fn stream_config(&self, stream: StreamName) -> stream::Config {
        let (max_age, share) = match stream {
            StreamName::Inbound => (7 * DAY, 1),
            StreamName::Parse | StreamName::Outbound | StreamName::Status => (3 * DAY, 2),
            StreamName::Dead => (30 * DAY, 2),
        };
        stream::Config {
            name: self.stream(stream),
            subjects: vec![self.stream_subjects(stream)],
            retention: RetentionPolicy::Limits,
            // A full stream refuses what is new; it never drops what was accepted.
            discard: DiscardPolicy::New,
            storage: StorageType::File,
            num_replicas: self.replicas,
            max_age,
            max_bytes: self.max_bytes / share,
            max_message_size: LARGEST_MESSAGE,
            duplicate_window: HOUR,
            max_messages: -1,
            max_messages_per_subject: -1,
            max_consumers: -1,
            allow_direct: true,
            ..stream::Config::default()
        }
    }

    /// The declared settings of a consumer.
    #[must_use]
    pub fn consumer_config(&self, consumer: ConsumerName) -> pull::Config {
        let (filter, in_flight) = match consumer {
            // One message of a lane at a time: that is what keeps a sender's order.
            ConsumerName::Route(_) => (self.subjects_of(consumer), 1),
            _ => (String::new(), 1000),
        };
        pull::Config {
            durable_name: Some(consumer.durable()),
            ack_policy: AckPolicy::Explicit,
            ack_wait: self.ack_wait,
            max_deliver: -1,
            max_ack_pending: in_flight,
            filter_subject: filter,
            ..pull::Config::default()
        }
    }

    /// Creates or updates everything, and compares it with what was declared.
    ///
    /// # Errors
    /// Names the stream or consumer that could not be made as declared.
    pub async fn ensure(&self, context: &Context) -> Result<(), DriftError> {
        let version = context.client().server_info().version;
        for stream in StreamName::ALL {
            let asked = self.stream_config(stream);
            let info = context
                .create_or_update_stream(asked.clone())
                .await
                .map_err(|error| refused(&asked.name, &error))?;
            compare_stream(&asked, &info.config, &version)?;
        }
        for consumer in ConsumerName::all() {
            let asked = self.consumer_config(consumer);
            let stream = self.stream(consumer.stream());
            let made = context
                .create_consumer_on_stream(asked.clone(), stream.as_str())
                .await
                .map_err(|error| refused(&consumer.durable(), &error))?;
            let got = pull::Config::try_from_consumer_config(made.cached_info().config.clone())
                .map_err(|error| refused(&consumer.durable(), &error))?;
            compare_consumer(&asked, &got, &version)?;
        }
        Ok(())
    }

    /// Opens a consumer that [`Topology::ensure`] made.
    ///
    /// # Errors
    /// When it is not there or the server cannot be asked.
    pub async fn open(
        &self,
        context: &Context,
        consumer: ConsumerName,
    ) -> Result<Consumer<pull::Config>, DriftError> {
        let stream = self.stream(consumer.stream());
        context
            .get_consumer_from_stream(consumer.durable(), stream.as_str())
            .await
            .map_err(|error| refused(&consumer.durable(), &error))
    }
}
