//! A stage at the queue: what waits for it, and letting it rest as a whole.

use std::time::{Duration, SystemTime};

use async_nats::jetstream::Context;
use chrono::{DateTime, Utc};

use super::{
    drift::{DriftError, refused},
    topology::{ConsumerName, Topology},
};
use crate::stage::StageName;

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
        stage: StageName,
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
        stage: StageName,
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
        stage: StageName,
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
