//! Messages that never reached us: Twilio's log is compared with the ledger, and what is missing
//! is put on the queue as its webhook would have put it. One at a time over all processes; what a
//! look has read it writes down page by page, so that the next one goes on there.

mod day;
mod lease;
mod missing;
mod outgoing;
mod reading;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use redis::aio::ConnectionManager;
use serde::Serialize;
use sqlx::PgPool;

pub use self::missing::of_ledger as not_in_ledger;
use self::{
    lease::{Lease, Mark},
    reading::{Progress, Reading, Which},
};
use crate::{
    clock::Clock,
    database_error::Said,
    kill_point::KillSwitch,
    message_log::{LogError, MessageLog},
    queue::{ConsumerName, DriftError, PublishError, Queue, StreamName},
    sender::{HashKeys, Lane},
};

/// What is younger may still be on its way: Twilio tries a webhook for 15 s, and its fallback.
const YOUNG: TimeDelta = TimeDelta::minutes(1);
/// How far a look goes back before the last one: Twilio's log may lag.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);
/// How far it goes back for a stream that was made anew: as long as that keeps messages.
const WEEK: TimeDelta = TimeDelta::days(7);
/// How often the last days are looked through once more.
const AGAIN_EVERY: TimeDelta = TimeDelta::days(1);
/// How far back: what appears two days late has a look after it that still reaches it, also where
/// that one is half a day late.
const AGAIN_FROM: TimeDelta = TimeDelta::hours(84);
/// Pages after which a look leaves the rest to the next one.
const MANY_PAGES: u32 = 100;

/// Why a look did not come to its end. What it had queued until then is queued.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// Twilio's log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// PostgreSQL does not answer, or refuses.
    #[error("PostgreSQL: {}", Said::of(.0))]
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
    /// Those that had not, and for which the stream has no room: for the next look.
    #[serde(skip_serializing_if = "is_none")]
    pub left: usize,
    /// Whether there is more to read: a look reads a bounded number of pages.
    #[serde(skip)]
    pub has_more: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none(count: &usize) -> bool {
    *count == 0
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

/// A look that writes down how far it has come.
struct Kept<'a> {
    lease: &'a Lease,
    progress: Progress,
    report: &'a mut Report,
    /// Pages that it may still read.
    pages: &'a mut u32,
}

impl Reconciler {
    /// Looks once; `None` where somebody else is at it, or was just now.
    ///
    /// # Errors
    /// Says what is in the way. The next look goes on where this one was.
    pub async fn look(&self, from: From) -> Result<Option<Report>, ReconcileError> {
        self.look_until(from, std::future::pending()).await
    }

    /// The same until `end`: what is cut off leaves nothing half done, and the right to look is given
    /// back. `None` then, too.
    ///
    /// # Errors
    /// As [`Self::look`].
    pub async fn look_until(
        &self,
        from: From,
        end: impl Future<Output = ()> + Send,
    ) -> Result<Option<Report>, ReconcileError> {
        let rest = match from {
            From::LastLook(rest) => rest,
            From::Moment(_) => Duration::ZERO,
        };
        let mut end = std::pin::pin!(end);
        let taken = tokio::select! {
            taken = Lease::take(&self.pool, rest) => taken?,
            () = &mut end => None,
        };
        let Some(lease) = taken else {
            return Ok(None);
        };
        let look = Box::pin(async {
            match from {
                From::LastLook(_) => self.go_on(&lease).await,
                From::Moment(moment) => self.since(moment).await,
            }
        });
        let looked = tokio::select! {
            looked = lease.during(&self.pool, look) => Some(looked),
            () = end => None,
        };
        // What is not given back ends by itself.
        let given_back = lease.give_back(&self.pool).await;
        let report = looked.transpose()?;
        given_back?;
        Ok(report)
    }

    /// Everything since then, in one go and without a word in the row.
    async fn since(&self, moment: DateTime<Utc>) -> Result<Report, ReconcileError> {
        let span = (moment, self.settled_before().await?);
        let mut reading = Reading::new(span, self.stream_created().await?);
        let mut report = Report::default();
        while !reading.is_over() {
            self.step(&mut reading, &mut report).await?;
        }
        Ok(report)
    }

    /// From where the last look was; and then, once a day, the last days once more: some messages
    /// appear in the log up to two days late.
    async fn go_on(&self, lease: &Lease) -> Result<Report, ReconcileError> {
        let (mut report, mut pages) = (Report::default(), MANY_PAGES);
        let (mark, created) = (&lease.mark, self.stream_created().await?);
        let mut progress = mark.progress.clone();
        let first = progress
            .first
            .take()
            .filter(|kept| kept.stream_created == created);
        progress.first = Some(match first {
            Some(kept) => kept,
            None => Reading::new(
                (
                    self.begin(mark, created).await?,
                    self.settled_before().await?,
                ),
                created,
            ),
        });
        let mut kept = Kept {
            lease,
            progress,
            report: &mut report,
            pages: &mut pages,
        };
        if let Some(read) = self.read(&mut kept, Which::First).await? {
            lease.seen(&self.pool, &read).await?;
            if kept.progress.again.is_none() && self.is_due_again(mark) {
                kept.progress.again = Some(self.again(created).await?);
            }
            if self.read(&mut kept, Which::Again).await?.is_some() {
                lease.seen_again(&self.pool).await?;
            }
            lease.keep(&self.pool, &kept.progress).await?;
        }
        Ok(report)
    }

    /// Reads on until the end, which is answered, or until enough was read for one look.
    async fn read(
        &self,
        kept: &mut Kept<'_>,
        which: Which,
    ) -> Result<Option<Reading>, ReconcileError> {
        loop {
            let Some(reading) = kept.progress.of(which) else {
                return Ok(None);
            };
            if reading.is_over() {
                return Ok(kept.progress.of(which).take());
            }
            if *kept.pages == 0 {
                kept.report.has_more = true;
                return Ok(None);
            }
            let asked = self.step(reading, kept.report).await;
            // Also of a step that failed: what it did is not done again.
            kept.lease.keep(&self.pool, &kept.progress).await?;
            *kept.pages = kept.pages.saturating_sub(asked?);
        }
    }

    /// Whether a day has passed since the last days were looked through once more.
    fn is_due_again(&self, mark: &Mark) -> bool {
        let due = |at: DateTime<Utc>| at + AGAIN_EVERY <= self.clock.now();
        mark.looked_again_at.is_some_and(due)
    }

    /// The last days, but for what was sent before there was anybody to read it.
    async fn again(&self, created: DateTime<Utc>) -> Result<Reading, ReconcileError> {
        let oldest = missing::oldest(&self.pool).await?.unwrap_or(created);
        let from = (self.clock.now() - AGAIN_FROM).max(oldest);
        Ok(Reading::new((from, self.settled_before().await?), created))
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
        for consumer in lanes.chain([ConsumerName::Status, ConsumerName::Refused]) {
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

impl std::fmt::Debug for Reconciler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reconciler")
    }
}
