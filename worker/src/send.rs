//! Replies, to Twilio: one post in flight per recipient over all workers, in order, each written
//! down before it is made. Twilio has no idempotency key, so what nobody can say the fate of is
//! looked up before it is repeated.

mod answered;
mod code;
pub(crate) mod code_row;
pub(crate) mod error_code;
mod giving_up;
mod intent;
pub(crate) mod lock_out;
mod pace;
mod part;
mod recipient_claim;
mod refusal;
mod settle;
mod twilio;
pub(crate) mod window;
pub(crate) mod withholding;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::anyhow;
use common::{
    kill_point::KillPoint,
    payload::{Job, OutboundPayload, decode},
    stage::StageName,
    store_marks::MarkedRow,
};
use store::RecipientId;
use tracing::Instrument as _;

pub(crate) use self::{code_row::CODES_UNSENT, twilio::POSTS};
use self::{
    pace::Pace,
    part::{Accepted, Part, PartState},
    recipient_claim::{Reach, RecipientClaim},
    twilio::{Said, Twilio},
};
use crate::engine::{
    context::Context,
    delivery::Delivery,
    failure::Findings,
    isolation::Guard,
    ledger::MOST_UNENDED,
    stage::Stage,
    stage_error::{Reason, Schedule, StageError},
};

/// How long one message of the queue is worked on before others have their turn: who waits to be
/// alone with a suspect waits for this.
const TURN: Duration = Duration::from_secs(10);

/// The send stage.
pub(crate) struct Send {
    pub(crate) context: Arc<Context>,
    twilio: Twilio,
    pace: Pace,
}

impl Stage for Send {
    fn name(&self) -> &'static str {
        StageName::Send.name()
    }

    fn attempt_limit(&self) -> Duration {
        Duration::from_mins(10)
    }

    fn may_give_up(&self, _: &Delivery) -> bool {
        true
    }

    async fn process(
        &self,
        delivery: &Delivery,
        findings: &mut Findings,
    ) -> Result<(), StageError> {
        let OutboundPayload::V1(due) = decode(delivery.payload())?;
        let pool = &self.context.pool;
        let Mine {
            claim,
            first,
            guard: _guard,
        } = match self.claim(RecipientId(due.recipient_id), delivery).await? {
            Claimed::Mine(mine) => *mine,
            // Whoever it was has been erased.
            Claimed::Gone => return Ok(()),
            Claimed::Busy => {
                let delay = Schedule::BUSY.delay(delivery.repetition());
                let busy = anyhow!("another worker writes to this recipient");
                return Err(StageError::RetryAfter(delay, busy));
            }
        };
        delivery.attempt_began(claim.attempt);
        self.context.reach(KillPoint::SendClaimed);
        match self.empty(&claim, first, (delivery, findings)).await {
            Ok(Emptied::Released) => Ok(()),
            Err(failure @ (StageError::Indeterminate(_) | StageError::Fenced)) => Err(failure),
            result => {
                // Not let go of: stay in hand until it can be, which counts nothing.
                if let Err(error) = store::recipient::release(pool, claim.number()).await {
                    delivery.attempt_ended(claim.attempt);
                    return Err(error.into());
                }
                result.map(drop)
            }
        }
    }
}

/// What came of claiming a recipient.
enum Claimed {
    Mine(Box<Mine>),
    Busy,
    Gone,
}

/// A recipient that is claimed, with the first part that is due.
struct Mine {
    claim: RecipientClaim,
    first: Result<Option<Part>, StageError>,
    guard: Guard,
}

impl Send {
    /// The stage, with its client for Twilio and the limit that all workers share.
    ///
    /// # Errors
    /// When the system's certificates cannot be read.
    pub(crate) fn new(
        context: Arc<Context>,
        redis: &redis::aio::ConnectionManager,
    ) -> Result<Self, reqwest::Error> {
        let settings = &context.settings;
        let twilio = Twilio::new(
            &settings.twilio,
            &settings.process.public_base_url,
            settings.database.timings.twilio,
        )?;
        Ok(Self {
            pace: Pace::new(redis, settings),
            twilio,
            context,
        })
    }

    /// Claims the recipient; beside others, or alone where it is a suspect. Who waits for that has
    /// not claimed yet, so that nothing is counted against it if the suspect strikes. What is due
    /// first is read by the same connection.
    async fn claim(
        &self,
        recipient: RecipientId,
        delivery: &Delivery,
    ) -> Result<Claimed, StageError> {
        let lease = self.context.settings.database.timings.recipient;
        let (pool, ended) = (&self.context.pool, delivery.ended_attempt());
        for suspect in [false, true] {
            let guard = self.context.isolation.enter(suspect).await;
            let mut conn = pool.acquire().await?;
            match RecipientClaim::take(&mut conn, (recipient, ended), lease, suspect).await? {
                Reach::Mine(claim) => {
                    let first = Part::next_of(&mut *conn, recipient).await;
                    let mine = Mine {
                        claim,
                        first,
                        guard,
                    };
                    return Ok(Claimed::Mine(Box::new(mine)));
                }
                Reach::Busy => return Ok(Claimed::Busy),
                Reach::Gone => return Ok(Claimed::Gone),
                Reach::Suspect => tracing::warn!(%recipient, "worked on alone"),
            }
        }
        Ok(Claimed::Busy)
    }

    /// Sends everything that is due for the recipient, in order; codes first.
    async fn empty(
        &self,
        claim: &RecipientClaim,
        first: Result<Option<Part>, StageError>,
        (delivery, findings): (&Delivery, &mut Findings),
    ) -> Result<Emptied, StageError> {
        let pool = &self.context.pool;
        let began = Instant::now();
        let mut next = first?;
        if claim.unended >= MOST_UNENDED || claim.has_codes {
            if claim.unended >= MOST_UNENDED {
                self.give_up(claim).await?;
            }
            self.codes(claim, delivery).await?;
            next = Part::next_of(pool, claim.recipient).await?;
        }
        while let Some(part) = next {
            *findings = part.findings();
            if let Some(sid) = &findings.message_sid {
                delivery.is_of_message(sid);
            }
            if self.context.shutdown.soft().is_cancelled() || began.elapsed() > TURN {
                return Err(StageError::RetryAfter(
                    Duration::ZERO,
                    anyhow!("somebody else's turn"),
                ));
            }
            let step = self.step(claim, &part, delivery);
            match step.instrument(part.span()).await? {
                Step::Done => next = Part::next_of(pool, claim.recipient).await?,
                Step::Last => return Ok(Emptied::Released),
                Step::Later => break,
            }
        }
        Ok(Emptied::Held)
    }

    /// One step with the first part that is not settled.
    async fn step(
        &self,
        claim: &RecipientClaim,
        part: &Part,
        delivery: &Delivery,
    ) -> Result<Step, StageError> {
        let pool = &self.context.pool;
        if part.is_outlived {
            store::part::drop_outlived(pool, part.id).await?;
            return Ok(Step::Done);
        }
        if part.state == PartState::Posting {
            self.doubt(part).await?;
            return Ok(Step::Done);
        }
        if part.post_attempt > 0 && store::part::adopt_called_back(pool, part.id).await? {
            tracing::info!("a callback says that an earlier post was taken");
            return Ok(Step::Done);
        }
        if part.is_put_off() && part.is_withheld(pool).await? {
            return Ok(Step::Done);
        }
        if part.is_later()? {
            return Ok(Step::Later);
        }
        match part.state {
            PartState::Unknown => self.settle(claim, part, delivery).await,
            _ => self.post(claim, part, delivery).await,
        }
    }

    /// Gives up on the part that claims of this recipient end with; what comes after it goes on.
    async fn give_up(&self, claim: &RecipientClaim) -> Result<(), StageError> {
        let pool = &self.context.pool;
        if let Some(part) = Part::next_of(pool, claim.recipient).await? {
            let error = format!("{} claims began and never ended", claim.unended);
            let letter = (Reason::Unended, error.as_str());
            part.give_up(&self.context, claim, None, letter).await?;
        }
        Ok(store::recipient::forgive(pool, claim.number()).await?)
    }

    /// Nobody can say what became of a post: its callback is waited for, longer each time, since
    /// a listing that lags has to show an earlier post before there is another.
    async fn doubt(&self, part: &Part) -> Result<(), StageError> {
        let patience = self.patience(part);
        Ok(store::part::doubt(&self.context.pool, part.id, patience).await?)
    }

    /// How long a part waits of which nobody knows: longer each time.
    fn patience(&self, part: &Part) -> Duration {
        let times = u32::try_from(part.doubts + 1).unwrap_or(1).clamp(1, 4);
        self.settle_after() * times
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
    ) -> Result<Step, StageError> {
        let pool = &self.context.pool;
        let now = self.context.clock.now();
        if part.is_too_late(now) {
            metrics::counter!("notices_dropped_total").increment(1);
            store::part::discard(pool, part.reply).await?;
            return Ok(Step::Done);
        }
        if !window::is_open(claim.last_inbound_at, now) {
            if !part.is_withheld(pool).await? {
                metrics::counter!("replies_held_total").increment(1);
                part.hold(pool, claim, now).await?;
            }
            return Ok(Step::Done);
        }
        let soft = self.context.shutdown.soft();
        self.pace.keep(claim.recipient, soft).await?;
        let timings = self.context.settings.database.timings;
        let began = Instant::now();
        let Some(attempt) = part.intend(pool, claim, timings.recipient).await? else {
            return Ok(Step::Done);
        };
        let marked = MarkedRow::Post {
            part: part.id.0,
            attempt,
        };
        self.context.stores.note(marked);
        self.context.reach(KillPoint::SendIntended);
        if began.elapsed() + timings.twilio + timings.statement > timings.recipient {
            // Held up since: this post could end after somebody else has begun one.
            store::part::put_back(pool, (part.id, attempt), Duration::ZERO, false).await?;
            return Err(StageError::RetryAfter(Duration::ZERO, anyhow!("held up")));
        }
        let job = Job {
            part_id: part.id.0,
            attempt,
        };
        let text = Said::Text(&part.body);
        let posted = self.twilio.post(&claim.address, text, job).await;
        self.context.reach(KillPoint::SendPosted);
        let result = self.record(claim, (part, attempt), posted, delivery).await;
        self.context.reach(KillPoint::SendRecorded);
        result
    }
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// On to the next.
    Done,
    /// Nothing is left, and the recipient is let go of.
    Last,
    /// Nothing is due for a while; it is announced again then.
    Later,
}

impl From<Accepted> for Step {
    fn from(accepted: Accepted) -> Self {
        match accepted {
            Accepted::Last => Self::Last,
            Accepted::More => Self::Done,
        }
    }
}

/// How the recipient is left once nothing more is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Emptied {
    /// Let go of already.
    Released,
    /// Still held.
    Held,
}
