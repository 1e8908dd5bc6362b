//! One message to be posted, as it is read. What changes it is `store::part`.

use std::time::Duration;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use common::{
    sid::MessageSid,
    trace::{self, Trace},
};
use sqlx::{PgExecutor, PgPool};
use store::{PartId, RecipientId, ReplyId, part::State};

use super::recipient_claim::RecipientClaim;
use crate::engine::{failure::Findings, stage_error::StageError};

/// Longest that the queue keeps a message back for a part that is not due; what is due later is
/// announced again then (`overdue.rs`), so that the queue is not filled by what waits.
pub(super) const SOON: Duration = Duration::from_secs(30);

/// Where a part that is not settled stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PartState {
    /// To be posted.
    Pending,
    /// A post began under a claim that has ended since.
    Posting,
    /// Nobody can say whether Twilio took it.
    Unknown,
}

impl PartState {
    /// `None` for one that is settled, or held.
    fn of(state: State) -> Option<Self> {
        match state {
            State::Pending => Some(Self::Pending),
            State::Posting => Some(Self::Posting),
            State::Unknown => Some(Self::Unknown),
            State::Accepted | State::Held | State::Failed => None,
        }
    }
}

/// When something may be done with a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Now.
    Now,
    /// After so long, for which the queue can wait.
    Soon(Duration),
    /// Later.
    Later,
}

/// Whether something else may be due once a part was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accepted {
    /// Nothing is: the recipient is let go of already.
    Last,
    /// Something may be, and the recipient is still held.
    More,
}

/// A part of a reply that is not settled.
pub(super) struct Part {
    pub(super) id: PartId,
    pub(super) body: String,
    pub(super) state: PartState,
    pub(super) post_attempt: i32,
    /// When the last post began.
    pub(super) posted_at: DateTime<Utc>,
    pub(super) resent: bool,
    /// Posts that failed, of those that Twilio answered.
    pub(super) failures: i32,
    /// Posts of which nobody could say what became, and refusals of the list that would tell.
    pub(super) doubts: i32,
    /// An interim reply that could not be delivered, whose final reply is there by now.
    pub(super) is_outlived: bool,
    due: Due,
    /// When it is no use to anybody any more.
    pub(super) not_after: Option<DateTime<Utc>>,
    pub(super) reply: ReplyId,
    message_sid: Option<String>,
    trace: Option<Trace>,
    /// When the message came in that this begins the final reply to.
    asked_at: Option<DateTime<Utc>>,
}

impl Part {
    /// The recipient's first part that is not settled. What is due is told by PostgreSQL's clock,
    /// which set it.
    pub(super) async fn next_of(
        executor: impl PgExecutor<'_>,
        recipient: RecipientId,
    ) -> Result<Option<Self>, StageError> {
        let row = sqlx::query!(
            r#"select p.id, p.body, p.state as "state: State", p.post_attempt, p.posted_at, p.resent, p.failures,
                 p.doubts, extract(epoch from p.not_before - clock_timestamp())::float8 as early,
                 p.reply_id, r.message_sid as "message_sid?", r.traceparent, r.not_after,
                 r.kind <> 'final' and p.state = 'pending'
                     and p.status in ('failed', 'undelivered') and exists (
                         select from whatsapp_replies f
                         where f.message_sid = r.message_sid and f.kind = 'final')
                     as outlived,
                 case when r.kind = 'final' and p.part = 1 then m.received_at end as asked_at
             from whatsapp_reply_parts p join whatsapp_replies r on r.id = p.reply_id
             left join whatsapp_messages m on m.message_sid = r.message_sid
             where p.recipient_id = $1 and p.state in ('pending', 'posting', 'unknown')
             order by r.position, p.part
             limit 1"#,
            recipient.0
        )
        .fetch_optional(executor)
        .await?;
        let part = row.and_then(|row| {
            Some(Self {
                id: PartId(row.id),
                body: row.body,
                state: PartState::of(row.state)?,
                post_attempt: row.post_attempt,
                posted_at: row.posted_at.unwrap_or_default(),
                resent: row.resent,
                failures: row.failures,
                doubts: row.doubts,
                is_outlived: row.outlived.unwrap_or_default(),
                due: Due::after(row.early.unwrap_or_default()),
                not_after: row.not_after,
                reply: ReplyId(row.reply_id),
                message_sid: row.message_sid,
                trace: row.traceparent.as_deref().and_then(Trace::from_stored),
                asked_at: row.asked_at,
            })
        });
        Ok(part)
    }

    /// What a dead letter says of it.
    pub(super) fn findings(&self) -> Findings {
        Findings {
            attempts: Some(self.post_attempt),
            message_sid: self
                .message_sid
                .as_deref()
                .and_then(|sid| MessageSid::parse(sid).ok()),
            reply: Some(self.reply.0),
            trace: self.trace.clone(),
        }
    }

    /// The span of one step with it.
    pub(super) fn span(&self) -> tracing::Span {
        trace::reply(self.message_sid.as_deref(), self.trace.as_ref())
    }

    /// Whether it waits for a while before it is posted.
    pub(super) fn is_put_off(&self) -> bool {
        self.state == PartState::Pending && self.due != Due::Now
    }

    /// Whether it is too early; what is due soon goes back to the queue until then.
    pub(super) fn is_later(&self) -> Result<bool, StageError> {
        match self.due {
            Due::Now => Ok(false),
            Due::Soon(early) => Err(StageError::RetryAfter(early, anyhow!("not due yet"))),
            Due::Later => Ok(true),
        }
    }

    /// Twilio took it; a callback may have said so before. The recipient is let go of with it, where
    /// nothing else is due for them: what comes later is announced by itself.
    pub(super) async fn accepted(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        attempt: i32,
        (sid, status): (&MessageSid, &str),
    ) -> Result<Accepted, StageError> {
        let post = (self.id, attempt);
        let taken = store::part::accept(pool, post, (sid, status), claim.number()).await?;
        if let (Some(asked), Some(answered)) = (self.asked_at, taken.at) {
            let waited = (answered - asked).to_std().unwrap_or_default();
            metrics::histogram!("final_reply_seconds").record(waited);
        }
        Ok(if taken.released {
            Accepted::Last
        } else {
            Accepted::More
        })
    }
}

impl Due {
    fn after(seconds: f64) -> Self {
        let early = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX);
        match early {
            Duration::ZERO => Self::Now,
            early if early <= SOON => Self::Soon(early),
            _ => Self::Later,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_queue_waits_for_what_is_due_soon_only() {
        assert_eq!(Due::after(-3.0), Due::Now);
        assert_eq!(Due::after(0.5), Due::Soon(Duration::from_millis(500)));
        assert_eq!(Due::after(7200.0), Due::Later);
        assert_eq!(Due::after(f64::INFINITY), Due::Later);
    }
}
