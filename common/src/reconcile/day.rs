//! One step of a look: a page of a day's log is compared; or, once the day is read, what is missing
//! on its oldest pages is queued, so that what is older is queued first.

use super::{
    ReconcileError, Reconciler, Report, missing,
    reading::{Page, Reading},
};
use crate::{
    kill_point::KillPoint,
    message_log::{LogError, LogPage},
    payload::InboundMessage,
    queue::PublishError,
};

/// Pages whose missing messages are queued in one step.
const PAGES: usize = 10;
/// Messages that are judged at once.
const STEP: usize = 50;

impl Reconciler {
    /// Returns how many pages Twilio was asked for.
    pub(super) async fn step(
        &self,
        reading: &mut Reading,
        report: &mut Report,
    ) -> Result<u32, ReconcileError> {
        let Some(page) = reading.next().cloned() else {
            return self.queue_of_day(reading, report).await;
        };
        match self.log.page(&reading.place(&page)).await {
            Ok(read) => self.compare(reading, read, report).await?,
            Err(error) => turned_away(reading, &page, error)?,
        }
        Ok(1)
    }

    async fn compare(
        &self,
        reading: &mut Reading,
        page: LogPage,
        report: &mut Report,
    ) -> Result<(), ReconcileError> {
        let (oldest, following) = (page.oldest, page.next().map(str::to_owned));
        let inside = inside(reading, page);
        let seen = inside.len();
        let missing = missing::of_ledger(&self.pool, inside).await?;
        report.seen += seen;
        report.known += seen - missing.len();
        reading.read(missing, oldest, following);
        Ok(())
    }

    async fn queue_of_day(
        &self,
        reading: &mut Reading,
        report: &mut Report,
    ) -> Result<u32, ReconcileError> {
        let (mut messages, mut asked) = (Vec::new(), 0);
        let pages = reading.oldest_found(PAGES);
        if pages.is_empty() {
            reading.end_day();
            return Ok(0);
        }
        for page in &pages {
            let found = if let Some(found) = reading.take_kept(page) {
                found
            } else {
                asked += 1;
                let read = self.log.page(&reading.place(page)).await;
                match read {
                    Ok(read) => missing::of_ledger(&self.pool, inside(reading, read)).await?,
                    Err(error) => {
                        turned_away(reading, page, error)?;
                        return Ok(asked);
                    }
                }
            };
            messages.extend(found.into_iter().rev());
        }
        messages.sort_by_key(|message| message.received_at);
        let found = messages.len();
        let missing = missing::of_streams(&self.queue, messages).await?;
        let (queued, left) = self.queue_all(reading, &missing).await?;
        report.queued += queued;
        report.left += left;
        report.known += found - queued - left;
        reading.are_queued(pages.len());
        Ok(asked)
    }

    /// Queues what is missing, or its refusal where the limit had refused it. What a stream does not
    /// take does not stop the rest. Returns how much was queued, and how much was left.
    async fn queue_all(
        &self,
        reading: &mut Reading,
        missing: &[InboundMessage],
    ) -> Result<(usize, usize), ReconcileError> {
        let (mut queued, mut left) = (0, 0);
        for step in missing.chunks(STEP) {
            let refused = missing::refused(&self.redis, &self.redis_prefix, step).await?;
            for (message, refused) in step.iter().zip(refused) {
                match self.queue_one(message, refused).await {
                    Ok(is_new) => queued += usize::from(is_new),
                    Err(PublishError::Full) => {
                        left += 1;
                        reading.leaves(message.received_at);
                    }
                    Err(PublishError::Refused(why)) => {
                        left += 1;
                        let message_sid = &message.message_sid;
                        tracing::error!(%message_sid, why, "cannot be queued");
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok((queued, left))
    }

    /// Returns whether it is carried out now, and was not before.
    async fn queue_one(
        &self,
        message: &InboundMessage,
        refused: bool,
    ) -> Result<bool, PublishError> {
        let outgoing = if refused {
            self.refusal(message)
        } else {
            self.recovery(message)
        };
        let stored = self.queue.publish(outgoing).await?;
        self.kill_switch.reach(KillPoint::ReconcileQueued);
        let is_new = !refused && !stored.duplicate;
        if is_new {
            tracing::info!(message_sid = %message.message_sid, "recovered");
        }
        Ok(is_new)
    }
}

/// Addresses of pages do not last for ever: where it is that, the day is read anew.
fn turned_away(reading: &mut Reading, page: &Page, error: LogError) -> Result<(), LogError> {
    if page.is_some() && error.is_unknown() && reading.begin_day_anew() {
        Ok(())
    } else {
        Err(error)
    }
}

/// What somebody wrote within the time that is looked through.
fn inside(reading: &Reading, page: LogPage) -> Vec<InboundMessage> {
    let messages = page.messages.into_iter();
    messages
        .filter(|message| reading.covers(message.received_at))
        .collect()
}
