//! Reading what a stream keeps, done with or not, without any consumer of ours noticing it.

use std::time::{Duration, SystemTime};

use async_nats::jetstream::{
    Context,
    consumer::{AckPolicy, Consumer, DeliverPolicy, pull},
    stream::{RawMessageErrorKind, Stream},
};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;

use super::{
    connection::Queue,
    drift::{DriftError, refused},
    headers::Headers,
    topology::{StreamName, Topology},
};

/// Messages of one request to the server.
const BATCH: usize = 500;
/// A reader that says nothing for so long is forgotten by the server.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(30);

/// A message as a stream keeps it.
#[derive(Clone)]
pub struct Kept {
    /// Its subject.
    pub subject: String,
    /// Its place in the stream.
    pub sequence: u64,
    /// When it was stored.
    pub stored_at: DateTime<Utc>,
    /// Its headers.
    pub headers: Headers,
    /// Its payload; empty where only headers were asked for.
    pub payload: Bytes,
}

impl Kept {
    /// `Nats-Msg-Id`: what it was published under.
    #[must_use]
    pub fn id(&self) -> &str {
        let id = self.headers.get(async_nats::header::NATS_MESSAGE_ID);
        id.map(async_nats::HeaderValue::as_str).unwrap_or_default()
    }
}

/// What is looked for.
#[derive(Clone, Debug)]
pub struct StreamScan {
    /// The stream.
    pub stream: StreamName,
    /// Only these subjects; all where there are none.
    pub subjects: Vec<String>,
    /// Only what was stored since; all of it where this is `None`.
    pub since: Option<DateTime<Utc>>,
    /// Without payloads.
    pub headers_only: bool,
}

/// Reads batch by batch.
pub struct Reader {
    stream: Stream<()>,
    consumer: Consumer<pull::Config>,
    /// The server has nothing beyond what was read.
    at_end: bool,
}

impl Topology {
    /// Begins to read, oldest first.
    ///
    /// # Errors
    /// When the stream is not there or the server cannot be asked.
    pub async fn scan(&self, context: &Context, what: StreamScan) -> Result<Reader, DriftError> {
        let name = self.stream(what.stream);
        let stream = context
            .get_stream_no_info(&name)
            .await
            .map_err(|error| refused(&name, &error))?;
        let deliver_policy = match what.since {
            None => DeliverPolicy::All,
            Some(since) => DeliverPolicy::ByStartTime {
                start_time: SystemTime::from(since).into(),
            },
        };
        let config = pull::Config {
            deliver_policy,
            ack_policy: AckPolicy::None,
            filter_subjects: what.subjects,
            headers_only: what.headers_only,
            inactive_threshold: FORGOTTEN_AFTER,
            memory_storage: true,
            num_replicas: 1,
            ..pull::Config::default()
        };
        let consumer = stream
            .create_consumer(config)
            .await
            .map_err(|error| refused(&name, &error))?;
        let at_end = consumer.cached_info().num_pending == 0;
        Ok(Reader {
            stream,
            consumer,
            at_end,
        })
    }
}

impl Queue {
    /// Takes one message out of a stream, and writes over it on the disk. One that is gone already
    /// is no error; returns whether it was there.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn erase(&self, stream: &str, sequence: u64) -> Result<bool, DriftError> {
        let found = self
            .context
            .get_stream_no_info(stream)
            .await
            .map_err(|error| refused(stream, &error))?;
        let Err(error) = found.delete_message(sequence).await else {
            return Ok(true);
        };
        // The server has several words for one that is not there.
        match found.get_raw_message(sequence).await {
            Err(absent) if absent.kind() == RawMessageErrorKind::NoMessageFound => Ok(false),
            _ => Err(refused(stream, &error)),
        }
    }
}

impl Reader {
    /// The next messages; none at the end.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn next(&mut self) -> Result<Vec<Kept>, DriftError> {
        let name = self.consumer.cached_info().name.clone();
        let mut found = Vec::new();
        while !self.at_end && found.is_empty() {
            let fetch = self.consumer.fetch().max_messages(BATCH);
            let mut batch = fetch.messages().await.map_err(|e| refused(&name, &e))?;
            while let Some(message) = batch.next().await {
                let message = message.map_err(|error| refused(&name, &error))?;
                let info = message.info().map_err(|error| refused(&name, &error))?;
                self.at_end = info.pending == 0;
                found.push(Kept {
                    subject: message.subject.to_string(),
                    sequence: info.stream_sequence,
                    stored_at: DateTime::<Utc>::from(SystemTime::from(info.published)),
                    headers: message.headers.clone().unwrap_or_default(),
                    payload: message.payload.clone(),
                });
            }
            // Nothing where something was said to be: it has expired meanwhile.
            self.at_end |= found.is_empty();
        }
        Ok(found)
    }

    /// Ends the reading; the server forgets it by itself otherwise.
    pub async fn end(self) {
        let name = &self.consumer.cached_info().name;
        if let Err(error) = self.stream.delete_consumer(name).await {
            tracing::debug!(%error, "ending a look back");
        }
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader({})", self.consumer.cached_info().stream_name)
    }
}
