//! How far streams have come, and passing over places in them.

use async_nats::jetstream::Context;
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::{
    connection::Queue,
    drift::{DriftError, refused},
    topology::{StreamName, Topology},
};

/// The last part of the subject of what only takes a place, and is taken out again.
const FILLER: &str = ".filler";
/// How many are published before their acknowledgements are waited for.
const AT_ONCE: i64 = 256;

/// How far a stream has come.
#[derive(Clone, Debug)]
pub struct Reached {
    /// Its name.
    pub stream: String,
    /// When it was created, to the millisecond.
    pub created: DateTime<Utc>,
    /// The highest sequence that it gave to a message.
    pub last_sequence: i64,
}

/// Whether a message only takes a place.
#[must_use]
pub fn is_filler(subject: &str) -> bool {
    subject.ends_with(FILLER)
}

impl Topology {
    /// The names of all streams.
    #[must_use]
    pub fn streams(&self) -> Vec<String> {
        StreamName::ALL.map(|stream| self.stream(stream)).into()
    }

    /// How far each stream has come.
    ///
    /// # Errors
    /// When one is not there or the server cannot be asked.
    pub async fn reached(&self, context: &Context) -> Result<Vec<Reached>, DriftError> {
        let mut all = Vec::new();
        for stream in self.streams() {
            let found = context.get_stream(&stream).await;
            let found = found.map_err(|error| refused(&stream, &error))?;
            let info = found.cached_info();
            let created = DateTime::<Utc>::from(std::time::SystemTime::from(info.created));
            let created = created.timestamp_millis();
            all.push(Reached {
                created: DateTime::from_timestamp_millis(created).unwrap_or_default(),
                last_sequence: i64::try_from(info.state.last_sequence).unwrap_or(i64::MAX),
                stream,
            });
        }
        Ok(all)
    }
}

impl Queue {
    /// Has a stream give no message a sequence up to that one.
    ///
    /// # Errors
    /// When it cannot be asked, or has no room.
    pub async fn pass_over(&self, stream: &str, to: i64) -> Result<(), DriftError> {
        let failed = |error: &dyn std::fmt::Display| refused(stream, &error);
        let found = self.context.get_stream(stream).await;
        let found = found.map_err(|error| failed(&error))?;
        let info = found.cached_info();
        let subjects = info.config.subjects.first().cloned().unwrap_or_default();
        // `foco.inbound.*.*` is `foco.inbound.filler.filler`: a lane that nobody reads.
        let subject = subjects.replace(".*", FILLER);
        let mut last = i64::try_from(info.state.last_sequence).unwrap_or(i64::MAX);
        while last < to {
            let mut taken = Vec::new();
            for _ in 0..(to - last).min(AT_ONCE) {
                let published = self.context.publish(subject.clone(), Bytes::new()).await;
                taken.push(published.map_err(|error| failed(&error))?);
            }
            for acknowledgement in taken {
                let stored = acknowledgement.await.map_err(|error| failed(&error))?;
                last = last.max(i64::try_from(stored.sequence).unwrap_or(i64::MAX));
            }
        }
        let purged = found.purge().filter(subject).await;
        purged.map(drop).map_err(|error| failed(&error))
    }
}
