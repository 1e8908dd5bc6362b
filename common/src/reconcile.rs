//! Messages that never reached us: Twilio's log is compared with the ledger, and what is missing
//! is put on the queue as its webhook would have put it. One at a time over all processes.

mod lease;
mod missing;
mod outgoing;

use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use redis::aio::ConnectionManager;
use serde::Serialize;
use sqlx::PgPool;

use self::lease::{Lease, Mark};
pub use self::{missing::of_ledger as not_in_ledger, outgoing::refusal_id};
use crate::{
    clock::Clock,
    kill_point::{KillPoint, KillSwitch},
    message_log::{LogError, MessageLog, Place},
    payload::InboundMessage,
    queue::{ConsumerName, DriftError, PublishError, Queue, StreamName},
    sender::{HashKeys, Lane},
};

/// What is younger may still be on its way: Twilio tries a webhook for 15 s, and its fallback.
const YOUNG: TimeDelta = TimeDelta::minutes(1);
/// How far a look goes back before the last one: Twilio's log may lag.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// How far it goes back for a stream that was made anew: as long as that keeps messages.
const WEEK: TimeDelta = TimeDelta::days(7);
/// Pages after which a look leaves the days that follow to the next one.
const MANY_PAGES: u32 = 100;
/// Pages of a single day after which something is wrong.
const TOO_MANY_PAGES: u32 = 2000;
/// Messages that are queued between two signs of life.
const STEP: usize = 50;

/// Why a look did not come to its end. What it had queued until then is queued.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// Twilio's log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// PostgreSQL does not answer.
    #[error("PostgreSQL: {0}")]
    Database(#[from] sqlx::Error),
    /// Redis does not answer.
    #[error("Redis: {0}")]
    Redis(#[from] redis::RedisError),
    /// A stream or consumer cannot be asked.
    #[error(transparent)]
    Queue(#[from] DriftError),
    /// The queue does not take a message.
    #[error("queueing: {0}")]
    Publish(#[from] PublishError),
    /// Somebody else has begun since: this look was held up for too long.
    #[error("held up for so long that another one has begun")]
    Overtaken,
    /// A day has more messages than anybody sends.
    #[error("Twilio's log of {0} does not end")]
    Endless(NaiveDate),
}

/// How far back to look.
#[derive(Clone, Copy, Debug)]
pub enum From {
    /// To where the last look ended, unless that is younger than this.
    LastLook(Duration),
    /// To that moment.
    Moment(DateTime<Utc>),
}

/// What a look found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Messages to us in Twilio's log.
    pub seen: usize,
    /// Those that had reached us, or were refused.
    pub known: usize,
    /// Those that had not, and are queued now.
    pub queued: usize,
}

/// What a look needs.
pub struct Reconciler {
    /// PostgreSQL.
    pub pool: PgPool,
    /// NATS.
    pub queue: Queue,
    /// Redis, where the limit remembers whom it refused.
    pub redis: ConnectionManager,
    /// Prefix of our keys there.
    pub redis_prefix: String,
    /// Twilio's log.
    pub log: MessageLog,
    /// `FOCO_SECRET`.
    pub keys: HashKeys,
    /// The time.
    pub clock: Clock,
    /// `FOCO_KILL_AT`.
    pub kill_switch: KillSwitch,
}

/// What is looked through.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
}

impl Reconciler {
    /// Looks once; `None` where somebody else is at it, or was just now.
    ///
    /// # Errors
    /// Says what is in the way. The next look begins where this one did.
    pub async fn look(&self, from: From) -> Result<Option<Report>, ReconcileError> {
        let rest = match from {
            From::LastLook(rest) => rest,
            From::Moment(_) => Duration::ZERO,
        };
        let Some(lease) = Lease::take(&self.pool, rest).await? else {
            return Ok(None);
        };
        let looked = self.compare(&lease, from).await;
        // What is not given back ends by itself.
        let given_back = lease.give_back(&self.pool).await;
        let report = looked?;
        given_back?;
        Ok(Some(report))
    }

    async fn compare(&self, lease: &Lease, from: From) -> Result<Report, ReconcileError> {
        let created = self.stream_created().await?;
        let span = Span {
            from: match from {
                From::Moment(moment) => moment,
                From::LastLook(_) => self.begin(&lease.mark, created).await?,
            },
            until: self.settled_before().await?,
        };
        let mut report = Report::default();
        let mut pages = 0;
        let days = span.from.date_naive().iter_days();
        for day in days.take_while(|day| *day <= span.until.date_naive()) {
            self.compare_day(day, span, lease, (&mut report, &mut pages))
                .await?;
            if matches!(from, From::LastLook(_)) {
                let seen = span.until.min(end_of(day)).max(span.from);
                lease.seen(&self.pool, seen, created).await?;
                if pages >= MANY_PAGES {
                    break;
                }
            }
        }
        Ok(report)
    }

    /// One day: all of it is read before anything is queued, so that what is older is queued first.
    async fn compare_day(
        &self,
        day: NaiveDate,
        span: Span,
        lease: &Lease,
        (report, pages): (&mut Report, &mut u32),
    ) -> Result<(), ReconcileError> {
        let mut missing = Vec::new();
        let mut next = Some(Place::beginning_of(day));
        let mut of_day = 0;
        while let Some(place) = next {
            let page = self.log.page(&place).await?;
            lease.extend(&self.pool).await?;
            of_day += 1;
            if of_day > TOO_MANY_PAGES {
                return Err(ReconcileError::Endless(day));
            }
            let is_before = page.oldest.is_some_and(|oldest| oldest < span.from);
            next = page.next().filter(|_| !is_before);
            let inside =
                |m: &InboundMessage| span.from <= m.received_at && m.received_at < span.until;
            let inside: Vec<InboundMessage> = page.messages.into_iter().filter(inside).collect();
            report.seen += inside.len();
            missing.extend(missing::of_ledger(&self.pool, inside).await?);
        }
        *pages += of_day;
        missing.reverse();
        missing.sort_by_key(|message| message.received_at);
        let missing = missing::of_streams(&self.queue, missing).await?;
        let queued = self.queue_all(missing, lease).await?;
        report.queued += queued;
        report.known = report.seen - report.queued;
        Ok(())
    }

    /// Queues what is missing, but for what the limit had refused; answers how much that was.
    async fn queue_all(
        &self,
        missing: Vec<InboundMessage>,
        lease: &Lease,
    ) -> Result<usize, ReconcileError> {
        let mut queued = 0;
        for step in missing.chunks(STEP) {
            lease.extend(&self.pool).await?;
            let refused = missing::refused(&self.redis, &self.redis_prefix, step).await?;
            for (message, refused) in step.iter().zip(refused) {
                let outgoing = if refused {
                    self.refusal(message)
                } else {
                    self.recovery(message)
                };
                let stored = self.queue.publish(outgoing).await?;
                self.kill_switch.reach(KillPoint::ReconcileQueued);
                if !refused && !stored.duplicate {
                    queued += 1;
                    tracing::info!(message_sid = %message.message_sid, "recovered");
                }
            }
        }
        Ok(queued)
    }

    /// Where the look begins. A stream that was made anew since has lost what had not been routed.
    async fn begin(
        &self,
        mark: &Mark,
        created: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, ReconcileError> {
        let week = self.clock.now() - WEEK;
        if let Some((watermark, known)) = mark.watermark.zip(mark.stream_created) {
            return Ok(if known == created {
                watermark - OVERLAP
            } else {
                week
            });
        }
        Ok(match missing::newest(&self.pool).await? {
            // The first look ever, in an empty system.
            None => created,
            Some(newest) if newest < created => week,
            Some(newest) => newest.max(week) - OVERLAP,
        })
    }

    /// What is younger than this may be in a lane, and not in the ledger yet; or be refused by what
    /// waits for the status stage.
    async fn settled_before(&self) -> Result<DateTime<Utc>, ReconcileError> {
        let mut before = self.clock.now() - YOUNG;
        let lanes = Lane::all().map(ConsumerName::Route);
        for consumer in lanes.chain([ConsumerName::Status]) {
            let topology = self.queue.topology();
            let oldest = topology
                .oldest_waiting(self.queue.context(), consumer)
                .await?;
            before = oldest.map_or(before, |oldest| oldest.min(before));
        }
        Ok(before)
    }

    async fn stream_created(&self) -> Result<DateTime<Utc>, ReconcileError> {
        let topology = self.queue.topology();
        let created = topology
            .created_at(self.queue.context(), StreamName::Inbound)
            .await?;
        Ok(DateTime::from_timestamp_millis(created).unwrap_or_default())
    }
}

fn end_of(day: NaiveDate) -> DateTime<Utc> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    next.and_hms_opt(0, 0, 0).unwrap_or_default().and_utc()
}

impl std::fmt::Debug for Reconciler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reconciler")
    }
}
