//! Replies, to Twilio: one post in flight per recipient over all workers, in order, each written
//! down before it is made. Twilio has no idempotency key, so what nobody can say the fate of is
//! looked up before it is repeated.

pub(crate) mod error_code;
pub(crate) mod lock_out;
mod part;
mod recipient_claim;
mod refusal;
mod twilio;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::anyhow;
use common::{
    kill_point::KillPoint,
    payload::{Job, OutboundPayload, decode},
    shared_limit::SharedLimit,
};
use tracing::Instrument as _;
use uuid::Uuid;

use self::{
    part::{Part, PartState},
    recipient_claim::{Reach, RecipientClaim},
    twilio::{Posted, Twilio},
};
use crate::{
    context::Context,
    delivery::{Delivery, Findings},
    failure::{Failure, Reason, Schedule},
    ledger::MOST_UNENDED,
    quarantine::Presence,
    stage::Stage,
};

/// Free text is taken for 24 hours after the last inbound message; ten minutes are kept as a
/// margin for clocks and queues.
const WINDOW: chrono::Duration = chrono::Duration::minutes(24 * 60 - 10);

/// WhatsApp takes about one message in six seconds from one business to one person, and bursts
/// above that: so many posts to one recipient in so many seconds, all workers together.
const PAIR_BURST: u32 = 20;
const PAIR_PERIOD: Duration = Duration::from_mins(2);

/// Posts of a part before one without an answer, which Twilio does not list either, is the last:
/// what comes after it for that recipient waits meanwhile.
const MOST_POSTS: i32 = 8;
/// How far before the last post of a part an earlier one may lie, which Twilio took after all.
const EARLIER_POSTS: chrono::Duration = chrono::Duration::hours(1);
/// Twilio's error code for refused credentials.
const LOCKED_OUT: i32 = 20003;

/// The send stage.
pub(crate) struct Send {
    pub(crate) context: Arc<Context>,
    twilio: Twilio,
    limit: SharedLimit,
    pair_limit: SharedLimit,
}

impl Stage for Send {
    fn name(&self) -> &'static str {
        "send"
    }

    fn attempt_limit(&self) -> Duration {
        Duration::from_mins(10)
    }

    async fn process(&self, delivery: &Delivery) -> Result<(), Failure> {
        let OutboundPayload::V1(due) = decode(delivery.payload())?;
        let pool = &self.context.pool;
        let Some((claim, _presence)) = self.claim(due.recipient_id, delivery).await? else {
            return Ok(());
        };
        if claim.unended >= MOST_UNENDED {
            claim.release(pool).await?;
            let next = Part::next_of(pool, claim.recipient).await?;
            delivery.found(Findings {
                attempts: Some(claim.unended),
                ..next.map(|part| part.findings()).unwrap_or_default()
            });
            let error = anyhow!("{} claims began and never ended", claim.unended);
            return Err(Failure::Fail(Reason::Unended, error));
        }
        self.context.reach(KillPoint::SendClaimed);
        let result = self.empty(&claim, delivery).await;
        if !matches!(result, Err(Failure::Unknown(_) | Failure::Lost)) {
            claim.release(pool).await?;
        }
        result
    }
}

impl Send {
    /// The stage, with its client for Twilio and the limit that all workers share.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub(crate) fn new(
        context: Arc<Context>,
        redis: redis::aio::ConnectionManager,
    ) -> Result<Self, reqwest::Error> {
        let settings = &context.settings;
        let twilio = Twilio::new(
            &settings.twilio,
            &settings.process.public_base_url,
            settings.database.timings.twilio,
        )?;
        let limit = SharedLimit::new(
            redis.clone(),
            format!("{}:sends", settings.nats.prefix),
            settings.twilio.sends_per_second,
            Duration::from_secs(1),
            Duration::ZERO,
        );
        let pair_limit = SharedLimit::new(
            redis,
            format!("{}:sends:to", settings.nats.prefix),
            PAIR_BURST,
            PAIR_PERIOD,
            Duration::ZERO,
        );
        Ok(Self {
            context,
            twilio,
            limit,
            pair_limit,
        })
    }

    /// Claims the recipient; beside others, or alone where it is a suspect. Who waits for that has
    /// not claimed yet, so that nothing is counted against it if the suspect strikes. `None` where
    /// there is no such recipient any more.
    async fn claim(
        &self,
        recipient: Uuid,
        delivery: &Delivery,
    ) -> Result<Option<(RecipientClaim, Presence)>, Failure> {
        let lease = self.context.settings.database.timings.recipient;
        for suspect in [false, true] {
            let presence = self.context.quarantine.enter(suspect).await;
            match RecipientClaim::take(&self.context.pool, recipient, lease, suspect).await? {
                Reach::Mine(claim) => return Ok(Some((claim, presence))),
                Reach::Busy => break,
                Reach::Gone => return Ok(None),
                Reach::Suspect => tracing::warn!(%recipient, stage = "send", "worked on alone"),
            }
        }
        let delay = Schedule::BUSY.delay(delivery.repetition());
        let busy = anyhow!("another worker writes to this recipient");
        Err(Failure::Retry(delay, busy))
    }

    /// Sends everything that is due for the recipient, in order.
    async fn empty(&self, claim: &RecipientClaim, delivery: &Delivery) -> Result<(), Failure> {
        while let Some(part) = Part::next_of(&self.context.pool, claim.recipient).await? {
            delivery.found(part.findings());
            let step = async {
                match part.state {
                    PartState::Pending => self.post(claim, &part, delivery).await,
                    PartState::Posting => self.doubt(&part, part.post_attempt).await,
                    PartState::Unknown => self.settle(claim, &part).await,
                }
            };
            step.instrument(part.span()).await?;
        }
        Ok(())
    }

    /// Nobody can say what became of a post: its callback is waited for, longer each time, since
    /// a listing that lags has to show an earlier post before there is another.
    async fn doubt(&self, part: &Part, attempt: i32) -> Result<(), Failure> {
        let times = u32::try_from(attempt).unwrap_or(1).clamp(1, 4);
        part.doubt(&self.context.pool, self.settle_after() * times)
            .await
    }

    fn settle_after(&self) -> Duration {
        self.context.settings.database.timings.settle
    }

    /// Posts one part: the intent is written first, under the claim.
    async fn post(
        &self,
        claim: &RecipientClaim,
        part: &Part,
        delivery: &Delivery,
    ) -> Result<(), Failure> {
        let pool = &self.context.pool;
        part.wait_until_due(self.context.clock.now())?;
        let open = claim
            .last_inbound_at
            .is_some_and(|at| self.context.clock.now() - at < WINDOW);
        if !open {
            metrics::counter!("replies_held_total").increment(1);
            return part.hold(pool).await;
        }
        self.keep_apart(claim.recipient).await?;
        self.take_turn().await?;
        let timings = self.context.settings.database.timings;
        let began = Instant::now();
        let attempt = part.intend(pool, claim, timings.recipient).await?;
        self.context.reach(KillPoint::SendIntended);
        if began.elapsed() + timings.twilio + timings.statement > timings.recipient {
            // Held up since: this post could end after somebody else has begun one.
            part.put_back(pool, attempt, Duration::ZERO).await?;
            return Err(Failure::Retry(Duration::ZERO, anyhow!("held up")));
        }
        let job = Job {
            part_id: part.id,
            attempt,
        };
        let posted = self.twilio.post(&claim.address, &part.body, job).await;
        self.context.reach(KillPoint::SendPosted);
        let result = self.record(part, attempt, posted, delivery).await;
        self.context.reach(KillPoint::SendRecorded);
        result
    }

    /// Spaces the posts to one recipient: too many of them are due later.
    async fn keep_apart(&self, recipient: Uuid) -> Result<(), Failure> {
        let who = recipient.to_string();
        let wait = self.pair_limit.judge(&who, "").await?;
        if wait.is_zero() {
            return Ok(());
        }
        metrics::counter!("replies_spaced_total").increment(1);
        Err(Failure::Retry(
            wait,
            anyhow!("spacing this recipient's replies"),
        ))
    }

    /// Waits for a place in the limit of all workers together.
    async fn take_turn(&self) -> Result<(), Failure> {
        loop {
            let wait = self.limit.judge("all", "").await?;
            if wait.is_zero() {
                return Ok(());
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Writes down what Twilio answered.
    async fn record(
        &self,
        part: &Part,
        attempt: i32,
        posted: Posted,
        delivery: &Delivery,
    ) -> Result<(), Failure> {
        let pool = &self.context.pool;
        metrics::counter!("twilio_posts_total", "outcome" => posted.name()).increment(1);
        match posted {
            Posted::Accepted { sid, status } => part.accepted(pool, attempt, &sid, &status).await,
            Posted::Unknown => self.doubt(part, attempt).await,
            Posted::NotProcessed { after } => {
                let delay = after.unwrap_or_else(|| Schedule::TWILIO.delay(delivery.repetition()));
                part.put_back(pool, attempt, delay).await?;
                Err(Failure::Retry(
                    delay,
                    anyhow!("Twilio takes nothing right now"),
                ))
            }
            Posted::LockedOut => self.refused(part, attempt, LOCKED_OUT, delivery).await,
            Posted::Refused { code } => self.refused(part, attempt, code, delivery).await,
        }
    }

    /// Finds out what became of a post without an answer: a callback may have told meanwhile;
    /// else Twilio's own list does, or it is posted again.
    async fn settle(&self, claim: &RecipientClaim, part: &Part) -> Result<(), Failure> {
        let pool = &self.context.pool;
        part.wait_until_due(self.context.clock.now())?;
        let earlier = if part.resent {
            EARLIER_POSTS
        } else {
            chrono::Duration::zero()
        };
        let since = part.posted_at - earlier;
        let found = self.twilio.find(&claim.address, &part.body, since).await;
        let candidates = found.map_err(|error| {
            let error = error.context("asking Twilio for recent messages");
            Failure::Retry(self.settle_after(), error)
        })?;
        for (sid, status) in candidates {
            if part.adopt(pool, &sid, &status).await? {
                tracing::info!(%sid, "adopted a reply whose answer was lost");
                return Ok(());
            }
        }
        if part.resent && part.post_attempt >= MOST_POSTS {
            part.fail(pool, part.post_attempt, None).await?;
            let posts = part.post_attempt;
            let error = anyhow!("posted {posts} times, and Twilio lists none of them");
            return Err(Failure::Fail(Reason::Refused, error));
        }
        part.post_once_more(pool).await
    }
}
