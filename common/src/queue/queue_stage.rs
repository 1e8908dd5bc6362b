//! The stages that read from the queue, and letting one rest as a whole.

use std::time::{Duration, SystemTime};

use async_nats::jetstream::Context;
use chrono::{DateTime, Utc};

use super::{
    drift::{DriftError, refused},
    topology::{ConsumerName, Topology},
};
use crate::sender::Lane;

/// A stage that reads from the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueStage {
    /// Commands, VERIFY, and requests on their way to be understood.
    Route,
    /// From a request to a proposal.
    Parse,
    /// Replies, to Twilio.
    Send,
    /// What Twilio says became of them.
    Status,
    /// The consumer of dead letters.
    Dead,
}

impl QueueStage {
    /// All of them, in the order of a message's way.
    pub const ALL: [Self; 5] = [
        Self::Route,
        Self::Parse,
        Self::Send,
        Self::Status,
        Self::Dead,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Route => "route",
            Self::Parse => "parse",
            Self::Send => "send",
            Self::Status => "status",
            Self::Dead => "dead",
        }
    }

    /// Its consumers: one for each lane, or one for each of its streams.
    #[must_use]
    pub fn consumers(self) -> Vec<ConsumerName> {
        match self {
            Self::Route => Lane::all().map(ConsumerName::Route).collect(),
            Self::Parse => vec![ConsumerName::Parse],
            Self::Send => vec![ConsumerName::Send],
            Self::Status => vec![ConsumerName::Status, ConsumerName::Refused],
            Self::Dead => vec![ConsumerName::Dead],
        }
    }
}

/// A stage as it is now, over all its consumers.
#[derive(Clone, Copy, Debug, Default)]
pub struct StageObserved {
    /// Messages that were not handed out.
    pub waiting: u64,
    /// Messages that were handed out and are not finished.
    pub in_work: u64,
    /// When the oldest message that is not finished was stored.
    pub oldest: Option<DateTime<Utc>>,
    /// How much longer it rests, where it does.
    pub paused_for: Option<Duration>,
}

impl Topology {
    /// Looks at a stage.
    ///
    /// # Errors
    /// When a consumer is not there or the server cannot be asked.
    pub async fn observe_stage(
        &self,
        context: &Context,
        stage: QueueStage,
    ) -> Result<StageObserved, DriftError> {
        let mut found = StageObserved::default();
        for consumer in stage.consumers() {
            let seen = self.observe(context, consumer).await?;
            found.waiting += seen.waiting;
            found.in_work += seen.in_work;
            found.paused_for = found.paused_for.max(seen.paused_for);
            if seen.waiting + seen.in_work > 0 {
                let since = self.oldest_waiting(context, consumer).await?;
                found.oldest = [found.oldest, since].into_iter().flatten().min();
            }
        }
        Ok(found)
    }

    /// Lets a stage rest until then; what comes meanwhile is kept, and what is in hand is
    /// finished. An earlier moment than now ends the rest.
    ///
    /// # Errors
    /// When a consumer is not there or the server cannot be asked.
    pub async fn pause_stage(
        &self,
        context: &Context,
        stage: QueueStage,
        until: SystemTime,
    ) -> Result<(), DriftError> {
        for consumer in stage.consumers() {
            self.pause(context, consumer, until).await?;
        }
        Ok(())
    }

    /// Ends the rest of a stage.
    ///
    /// # Errors
    /// As [`Topology::pause_stage`].
    pub async fn resume_stage(
        &self,
        context: &Context,
        stage: QueueStage,
    ) -> Result<(), DriftError> {
        for consumer in stage.consumers() {
            let (name, what) = (self.stream(consumer.stream()), consumer.durable());
            let stream = context
                .get_stream_no_info(&name)
                .await
                .map_err(|error| refused(&what, &error))?;
            let resumed = stream.resume_consumer(&what).await;
            resumed.map_err(|error| refused(&what, &error))?;
        }
        Ok(())
    }

    /// Lets a consumer rest for that long, unless it rests longer already.
    ///
    /// # Errors
    /// As [`Topology::pause`].
    pub async fn rest(
        &self,
        context: &Context,
        consumer: ConsumerName,
        (now, time): (SystemTime, Duration),
    ) -> Result<(), DriftError> {
        let left = self.observe(context, consumer).await?.paused_for;
        if left.is_some_and(|left| left > time) {
            return Ok(());
        }
        self.pause(context, consumer, now + time).await
    }
}
