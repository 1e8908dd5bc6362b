//! Every stream and consumer, declared once, created at start-up and compared with what the
//! server made of it: a server that silently drops a setting is refused.

use std::time::Duration;

use async_nats::jetstream::{
    Context,
    consumer::{AckPolicy, Consumer, FromConsumer, pull},
    kv,
    stream::{self, DiscardPolicy, RetentionPolicy, StorageType},
};

use super::drift::{DriftError, compare_consumer, compare_stream, refused};
use crate::sender::{Lane, SenderHash};

/// Largest payload with its headers, in bytes, that a stream takes.
pub const LARGEST_MESSAGE: i32 = 256 * 1024;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);
/// Refusals of one sender that are kept: what a flood can take of that stream.
const NEWEST_REFUSALS: i64 = 1000;

/// The streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StreamName {
    /// What people wrote.
    Inbound,
    /// Requests to be understood.
    Parse,
    /// Recipients with something due.
    Outbound,
    /// Status callbacks; and refusals, where a release before this one made them.
    Status,
    /// What failed.
    Dead,
    /// Refusals over the limit. Apart from the callbacks: whoever floods us fills nothing else.
    Refused,
}

impl StreamName {
    /// All streams.
    pub const ALL: [Self; 6] = [
        Self::Inbound,
        Self::Parse,
        Self::Outbound,
        Self::Status,
        Self::Dead,
        Self::Refused,
    ];

    /// Whether it refuses what does not fit. The other one drops what is oldest: that is in the
    /// ledger by then, unless nobody has worked since.
    #[must_use]
    pub fn refuses_when_full(self) -> bool {
        self != Self::Refused
    }

    fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Parse => "parse",
            Self::Outbound => "outbound",
            Self::Status => "status",
            Self::Dead => "dead",
            Self::Refused => "refused",
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
    /// The consumer of dead letters.
    Dead,
    /// The status stage, of refusals.
    Refused,
}

impl ConsumerName {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Lane::all().map(Self::Route).chain([
            Self::Parse,
            Self::Send,
            Self::Status,
            Self::Dead,
            Self::Refused,
        ])
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
            Self::Refused => StreamName::Refused,
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
            Self::Refused => "refused".to_owned(),
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

    /// `FOCO_MARKS`: the bucket of PostgreSQL's high-water marks.
    #[must_use]
    pub fn marks(&self) -> String {
        format!("{}_MARKS", self.prefix).to_uppercase()
    }

    /// The declared settings of that bucket. Marks count for five days.
    #[must_use]
    pub fn marks_config(&self) -> kv::Config {
        kv::Config {
            bucket: self.marks(),
            description: "What PostgreSQL has for sure".to_owned(),
            history: 1,
            max_age: DAY * 5,
            storage: StorageType::File,
            num_replicas: self.replicas,
            ..kv::Config::default()
        }
    }

    /// `<prefix>.inbound.<lane>.<sender>`.
    #[must_use]
    pub fn inbound_subject(&self, lane: Lane, sender: &SenderHash) -> String {
        format!("{}.inbound.{lane}.{sender}", self.prefix)
    }

    /// `<prefix>.<word>.<sender>`, for the parse, outbound, status and refused streams.
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
            StreamName::Parse | StreamName::Outbound | StreamName::Status | StreamName::Refused => {
                "*"
            }
        };
        format!("{}.{}.{depth}", self.prefix, stream.word())
    }

    /// The subjects of all messages of a sender that are on a stream.
    #[must_use]
    pub fn subjects_of_sender(&self, stream: StreamName, sender: &SenderHash) -> String {
        let any = match stream {
            StreamName::Inbound | StreamName::Dead => "*.",
            StreamName::Parse | StreamName::Outbound | StreamName::Status | StreamName::Refused => {
                ""
            }
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
        let share = stream.share();
        let (discard, of_a_subject) = if stream.refuses_when_full() {
            (DiscardPolicy::New, -1)
        } else {
            (DiscardPolicy::Old, NEWEST_REFUSALS)
        };
        stream::Config {
            name: self.stream(stream),
            subjects: vec![self.stream_subjects(stream)],
            retention: RetentionPolicy::Limits,
            // A full stream refuses what is new; it never drops what was accepted.
            discard,
            storage: StorageType::File,
            num_replicas: self.replicas,
            max_age: DAY * u32::try_from(share.days).unwrap_or(u32::MAX),
            max_bytes: self.max_bytes / 16 * share.sixteenths,
            max_message_size: LARGEST_MESSAGE,
            duplicate_window: HOUR,
            max_messages: -1,
            max_messages_per_subject: of_a_subject,
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

    /// Creates or updates everything, and compares it with what was declared. What a release before
    /// this one has made is changed, and what it lacks is added: both can run side by side.
    ///
    /// # Errors
    /// Names the stream or consumer that could not be made as declared.
    pub async fn ensure(&self, context: &Context) -> Result<(), DriftError> {
        let version = context.client().server_info().version;
        // Those first that shrink, so that there is room for those that grow.
        let mut streams = StreamName::ALL;
        streams.sort_by_key(|stream| stream.share().sixteenths);
        for stream in streams {
            self.make(context, stream, &version).await?;
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

    /// Makes one stream. Where the server has no room for its size, it keeps the one that it has:
    /// too small is better than none, and it is said.
    async fn make(
        &self,
        context: &Context,
        stream: StreamName,
        version: &str,
    ) -> Result<(), DriftError> {
        let mut asked = self.stream_config(stream);
        let mut made = context.create_or_update_stream(asked.clone()).await;
        if let Err(error) = &made
            && has_no_room(&error.to_string())
            && let Ok(there) = context.get_stream(&asked.name).await
        {
            let max_bytes = there.cached_info().config.max_bytes;
            tracing::error!(
                stream = asked.name,
                max_bytes,
                asked = asked.max_bytes,
                "NATS has no room for the size of this stream, which stays as it is: raise its \
                 max_file_store (NATS_MAX_FILE), see focobot sizing"
            );
            asked.max_bytes = max_bytes;
            made = context.create_or_update_stream(asked.clone()).await;
        }
        let info = made.map_err(|error| {
            if has_no_room(&error.to_string()) {
                let (what, max_bytes) = (asked.name.clone(), asked.max_bytes);
                DriftError::NoRoom { what, max_bytes }
            } else {
                refused(&asked.name, &error)
            }
        })?;
        compare_stream(&asked, &info.config, version)
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

/// JetStream's words for a server or an account without room for a stream's size (nats-server,
/// `errors.json`: insufficient resources, insufficient storage).
fn has_no_room(error: &str) -> bool {
    ["10023", "10047"].iter().any(|code| error.contains(code)) || error.contains("insufficient")
}
