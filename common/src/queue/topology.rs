//! Every stream and consumer, declared once, created at start-up and compared with what the
//! server made of it: a server that silently drops a setting is refused.

use std::time::{Duration, SystemTime};

use async_nats::jetstream::{
    Context,
    consumer::{AckPolicy, Consumer, FromConsumer, pull},
    stream::{self, DiscardPolicy, RetentionPolicy, StorageType},
};

use chrono::{DateTime, Utc};

use crate::sender::{Lane, SenderHash};

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
    fn all() -> impl Iterator<Item = Self> {
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

/// A stream or consumer that is not as declared.
#[derive(Debug, thiserror::Error)]
pub enum DriftError {
    /// The server could not be asked, or refused.
    #[error("{what}: {error}")]
    Refused {
        /// The stream or consumer.
        what: String,
        /// What the server said.
        error: String,
    },
    /// The server answers with another setting than was asked for.
    #[error(
        "{what}: asked for {setting} {asked}, the server (version {version}) made it {got}: \
         use nats-server 2.12 or newer"
    )]
    Different {
        /// The stream or consumer.
        what: String,
        /// The setting's name.
        setting: &'static str,
        /// What was declared.
        asked: String,
        /// What came back.
        got: String,
        /// The server's version.
        version: String,
    },
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
    fn stream_subjects(&self, stream: StreamName) -> String {
        let depth = match stream {
            StreamName::Inbound | StreamName::Dead => "*.*",
            StreamName::Parse | StreamName::Outbound | StreamName::Status => "*",
        };
        format!("{}.{}.{depth}", self.prefix, stream.word())
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
            max_message_size: 256 * 1024,
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
            ConsumerName::Route(lane) => (format!("{}.inbound.{lane}.>", self.prefix), 1),
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

impl Topology {
    /// When a stream was created, in milliseconds since 1970: a stream that was made anew counts
    /// its sequences anew.
    ///
    /// # Errors
    /// When it is not there or the server cannot be asked.
    pub async fn created_at(
        &self,
        context: &Context,
        stream: StreamName,
    ) -> Result<i64, DriftError> {
        let name = self.stream(stream);
        let found = context
            .get_stream(&name)
            .await
            .map_err(|error| refused(&name, &error))?;
        let created = found.cached_info().created;
        Ok(milliseconds(created))
    }

    /// Lets a consumer rest until then; what comes meanwhile is kept.
    ///
    /// # Errors
    /// When it is not there or the server cannot be asked.
    pub async fn pause(
        &self,
        context: &Context,
        consumer: ConsumerName,
        until: SystemTime,
    ) -> Result<(), DriftError> {
        let (stream, name) = (self.stream(consumer.stream()), consumer.durable());
        let stream = context
            .get_stream(&stream)
            .await
            .map_err(|error| refused(&name, &error))?;
        let paused = stream.pause_consumer(&name, until.into()).await;
        paused.map(drop).map_err(|error| refused(&name, &error))
    }

    /// When the oldest message that a consumer has not finished with was stored; `None` where it
    /// has finished with all.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn oldest_waiting(
        &self,
        context: &Context,
        consumer: ConsumerName,
    ) -> Result<Option<DateTime<Utc>>, DriftError> {
        let what = consumer.durable();
        let mut opened = self.open(context, consumer).await?;
        let info = opened
            .info()
            .await
            .map_err(|error| refused(&what, &error))?;
        if info.num_pending == 0 && info.num_ack_pending == 0 {
            return Ok(None);
        }
        let next = info.ack_floor.stream_sequence + 1;
        let name = self.stream(consumer.stream());
        let stream = context
            .get_stream(&name)
            .await
            .map_err(|error| refused(&name, &error))?;
        // What stood there may have expired: then the stream begins later.
        let first = stream.cached_info().state.first_sequence.max(next);
        let message = stream
            .get_raw_message(first)
            .await
            .map_err(|error| refused(&name, &error))?;
        Ok(DateTime::from_timestamp_millis(milliseconds(message.time)))
    }
}

fn milliseconds(moment: impl Into<std::time::SystemTime>) -> i64 {
    DateTime::<Utc>::from(moment.into()).timestamp_millis()
}

fn refused(what: &str, error: &impl std::fmt::Display) -> DriftError {
    DriftError::Refused {
        what: what.to_owned(),
        error: error.to_string(),
    }
}

/// A setting's name, and how it is read as text.
type Reader<C> = (&'static str, fn(&C) -> String);

/// One comparison of a setting, as text, so that the message can show both.
fn same(
    what: &str,
    setting: &'static str,
    (asked, got): (String, String),
    version: &str,
) -> Result<(), DriftError> {
    if asked == got {
        return Ok(());
    }
    let (what, version) = (what.to_owned(), version.to_owned());
    Err(DriftError::Different {
        what,
        setting,
        asked,
        got,
        version,
    })
}

fn compare_stream(
    asked: &stream::Config,
    got: &stream::Config,
    version: &str,
) -> Result<(), DriftError> {
    let rows: [Reader<stream::Config>; 9] = [
        ("subjects", |c| c.subjects.join(",")),
        ("retention", |c| format!("{:?}", c.retention)),
        ("discard", |c| format!("{:?}", c.discard)),
        ("storage", |c| format!("{:?}", c.storage)),
        ("replicas", |c| c.num_replicas.to_string()),
        ("max_age", |c| format!("{:?}", c.max_age)),
        ("max_bytes", |c| c.max_bytes.to_string()),
        ("duplicate_window", |c| format!("{:?}", c.duplicate_window)),
        ("persist_mode", |c| {
            format!("{:?}", c.persist_mode.is_some())
        }),
    ];
    rows.into_iter()
        .try_for_each(|(name, read)| same(&asked.name, name, (read(asked), read(got)), version))
}

fn compare_consumer(
    asked: &pull::Config,
    got: &pull::Config,
    version: &str,
) -> Result<(), DriftError> {
    let rows: [Reader<pull::Config>; 5] = [
        ("filter_subject", |c| c.filter_subject.clone()),
        ("ack_policy", |c| format!("{:?}", c.ack_policy)),
        ("ack_wait", |c| format!("{:?}", c.ack_wait)),
        ("max_ack_pending", |c| c.max_ack_pending.to_string()),
        ("max_deliver", |c| c.max_deliver.to_string()),
    ];
    let what = asked.durable_name.clone().unwrap_or_default();
    rows.into_iter()
        .try_for_each(|(name, read)| same(&what, name, (read(asked), read(got)), version))
}
