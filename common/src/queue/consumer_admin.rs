//! Looking at streams and consumers that are there, and letting one rest.

use std::time::{Duration, SystemTime};

use async_nats::jetstream::{
    Context,
    consumer::{FromConsumer, pull},
    stream::RawMessageErrorKind,
};
use chrono::{DateTime, Utc};

use super::{
    drift::{DriftError, compare_consumer, compare_stream, refused},
    topology::{ConsumerName, StreamName, Topology},
};

/// A consumer as it is now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Observed {
    /// Messages that it has not handed out.
    pub waiting: u64,
    /// Messages that were handed out and are not finished.
    pub in_work: u64,
    /// How much longer it rests, where it does.
    pub paused_for: Option<Duration>,
}

/// How full a stream is.
#[derive(Clone, Debug)]
pub struct Filled {
    /// Its name.
    pub stream: String,
    /// What it holds.
    pub bytes: u64,
    /// What it may hold.
    pub max_bytes: u64,
    /// Whether it refuses more than that.
    pub refuses: bool,
}

/// The share above which a stream is too full: there is time to make it larger.
const TOO_FULL_PERCENT: u64 = 70;

impl Filled {
    /// How much of it is taken.
    #[must_use]
    pub fn percent(&self) -> u64 {
        self.bytes.saturating_mul(100) / self.max_bytes.max(1)
    }

    /// Whether something has to be done. Where what is oldest is dropped, nothing has.
    #[must_use]
    pub fn is_too_full(&self) -> bool {
        self.refuses && self.percent() >= TOO_FULL_PERCENT
    }
}

/// A message that waits, or is in work.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    /// Its place in the stream.
    pub sequence: u64,
    /// When it was stored.
    pub stored_at: DateTime<Utc>,
}

impl Topology {
    /// Looks at a consumer.
    ///
    /// # Errors
    /// When it is not there or the server cannot be asked.
    pub async fn observe(
        &self,
        context: &Context,
        consumer: ConsumerName,
    ) -> Result<Observed, DriftError> {
        let opened = self.open(context, consumer).await?;
        let info = opened.cached_info();
        let left = info.pause_remaining.filter(|left| !left.is_zero());
        Ok(Observed {
            waiting: info.num_pending,
            in_work: u64::try_from(info.num_ack_pending).unwrap_or(u64::MAX),
            paused_for: left.filter(|_| info.paused),
        })
    }

    /// How full a stream is.
    ///
    /// # Errors
    /// When it is not there or the server cannot be asked.
    pub async fn filled(
        &self,
        context: &Context,
        stream: StreamName,
    ) -> Result<Filled, DriftError> {
        let name = self.stream(stream);
        let found = context
            .get_stream(&name)
            .await
            .map_err(|error| refused(&name, &error))?;
        let info = found.cached_info();
        Ok(Filled {
            stream: name,
            bytes: info.state.bytes,
            max_bytes: u64::try_from(info.config.max_bytes).unwrap_or(u64::MAX),
            refuses: stream.refuses_when_full(),
        })
    }

    /// Compares every stream and consumer with what is declared, and changes nothing.
    pub async fn differences(&self, context: &Context) -> Vec<DriftError> {
        let version = context.client().server_info().version;
        let mut found = Vec::new();
        for stream in StreamName::ALL {
            let asked = self.stream_config(stream);
            let result = match context.get_stream(&asked.name).await {
                Ok(got) => compare_stream(&asked, &got.cached_info().config, &version),
                Err(error) => Err(refused(&asked.name, &error)),
            };
            found.extend(result.err());
        }
        for consumer in ConsumerName::all() {
            let asked = self.consumer_config(consumer);
            let result = match self.open(context, consumer).await {
                Ok(got) => {
                    let got = got.cached_info().config.clone();
                    pull::Config::try_from_consumer_config(got)
                        .map_err(|error| refused(&consumer.durable(), &error))
                        .and_then(|got| compare_consumer(&asked, &got, &version))
                }
                Err(error) => Err(error),
            };
            found.extend(result.err());
        }
        found
    }

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
        let waiting = self.first_waiting(context, consumer).await?;
        Ok(waiting.map(|waiting| waiting.stored_at))
    }

    /// The oldest message that a consumer has not finished with; `None` where it has finished with
    /// all. Of a lane, the first of that lane: what stands before it belongs to others.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn first_waiting(
        &self,
        context: &Context,
        consumer: ConsumerName,
    ) -> Result<Option<Waiting>, DriftError> {
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
            .get_stream_no_info(&name)
            .await
            .map_err(|error| refused(&name, &error))?;
        let found = stream
            .raw_message_builder()
            .sequence(next)
            .next_by_subject(self.subjects_of(consumer))
            .send()
            .await;
        match found {
            Ok(message) => Ok(Some(Waiting {
                sequence: message.sequence,
                stored_at: DateTime::<Utc>::from(SystemTime::from(message.time)),
            })),
            // It has expired, or was taken away, since the consumer was asked.
            Err(error) if error.kind() == RawMessageErrorKind::NoMessageFound => Ok(None),
            Err(error) => Err(refused(&name, &error)),
        }
    }
}

fn milliseconds(moment: impl Into<std::time::SystemTime>) -> i64 {
    DateTime::<Utc>::from(moment.into()).timestamp_millis()
}
