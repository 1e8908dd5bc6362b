//! What Twilio answered to a post, written down.

use std::time::Duration;

use anyhow::anyhow;
use backon::Retryable as _;
use common::trace;

use super::{
    Send, Step,
    part::{self, Part},
    recipient_claim::RecipientClaim,
    twilio::Posted,
};
use crate::engine::{
    delivery::Delivery,
    stage_error::{Schedule, StageError},
};

/// How long all workers leave Twilio alone that is too busy and does not say for how long.
pub(super) const BUSY: Duration = Duration::from_secs(1);
/// Twilio's error code for refused credentials.
pub(super) const LOCKED_OUT: i32 = 20003;

impl Send {
    /// Writes down what Twilio answered.
    pub(super) async fn record(
        &self,
        claim: &RecipientClaim,
        (part, attempt): (&Part, i32),
        posted: Posted,
        delivery: &Delivery,
    ) -> Result<Step, StageError> {
        metrics::counter!("twilio_posts_total", "outcome" => posted.name()).increment(1);
        match posted {
            Posted::Accepted { sid, status } => {
                trace::of_reply(&sid);
                let (pool, taken) = (&self.context.pool, (&sid, status.as_str()));
                let accept = || part.accepted(pool, claim, attempt, taken);
                // Only here is it known for sure, so a moment without PostgreSQL is waited out.
                let accepted = accept.retry(backoff()).when(is_away).await?;
                return Ok(Step::from(accepted));
            }
            Posted::Unknown => self.doubt(part).await?,
            Posted::NotProcessed { after } => self.is_busy(part, attempt, after, delivery).await?,
            Posted::LockedOut => {
                self.refused(claim, (part, attempt), LOCKED_OUT, delivery)
                    .await?;
            }
            Posted::Refused { code } => {
                self.refused(claim, (part, attempt), code, delivery).await?;
            }
        }
        Ok(Step::Done)
    }

    /// Twilio takes nothing right now: all workers leave it alone for a while, and begin slowly.
    async fn is_busy(
        &self,
        part: &Part,
        attempt: i32,
        after: Option<Duration>,
        delivery: &Delivery,
    ) -> Result<(), StageError> {
        let delay = after.unwrap_or_else(|| Schedule::TWILIO.delay(delivery.repetition()));
        store::part::put_back(&self.context.pool, (part.id, attempt), delay, false).await?;
        self.pace.pause(after.unwrap_or(BUSY)).await?;
        if delay > part::SOON {
            return Ok(());
        }
        let busy = anyhow!("Twilio takes nothing right now");
        Err(StageError::RetryAfter(delay, busy))
    }
}

fn backoff() -> backon::ExponentialBuilder {
    backon::ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(50))
        .with_max_times(5)
}

fn is_away(failure: &StageError) -> bool {
    matches!(failure, StageError::Unavailable(_))
}
