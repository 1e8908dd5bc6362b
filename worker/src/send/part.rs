//! One message to be posted: every change of its state is one statement that fails where somebody
//! else was faster.

use std::time::Duration;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use common::{
    sid::MessageSid,
    trace::{self, Trace},
};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::recipient_claim::{RecipientClaim, interval};
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
    pub(super) id: Uuid,
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
    pub(super) reply: Uuid,
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
        recipient: Uuid,
    ) -> Result<Option<Self>, StageError> {
        let row = sqlx::query!(
            r#"select p.id, p.body, p.state, p.post_attempt, p.posted_at, p.resent, p.failures,
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
            recipient
        )
        .fetch_optional(executor)
        .await?;
        Ok(row.map(|row| Self {
            id: row.id,
            body: row.body,
            state: match row.state.as_str() {
                "posting" => PartState::Posting,
                "unknown" => PartState::Unknown,
                _ => PartState::Pending,
            },
            post_attempt: row.post_attempt,
            posted_at: row.posted_at.unwrap_or_default(),
            resent: row.resent,
            failures: row.failures,
            doubts: row.doubts,
            is_outlived: row.outlived.unwrap_or_default(),
            due: Due::after(row.early.unwrap_or_default()),
            not_after: row.not_after,
            reply: row.reply_id,
            message_sid: row.message_sid,
            trace: row.traceparent.as_deref().and_then(Trace::from_stored),
            asked_at: row.asked_at,
        }))
    }

    /// What a dead letter says of it.
    pub(super) fn findings(&self) -> Findings {
        Findings {
            attempts: Some(self.post_attempt),
            message_sid: self
                .message_sid
                .as_deref()
                .and_then(|sid| MessageSid::parse(sid).ok()),
            reply: Some(self.reply),
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
        let row = sqlx::query!(
            r#"with taken as (
                 update whatsapp_reply_parts set state = 'accepted', twilio_sid = $3,
                     status = coalesce(status, $4), accepted_at = coalesce(accepted_at, now())
                 where id = $1 and post_attempt = $2 and state in ('posting', 'unknown')
                 returning accepted_at),
             released as (
                 update whatsapp_recipients set held_until = null, unended = 0
                 where id = $5 and attempt = $6 and exists (select from taken)
                     and not exists (
                         select from whatsapp_reply_parts
                         where recipient_id = $5 and id <> $1
                             and state in ('pending', 'posting', 'unknown'))
                 returning id)
             select (select accepted_at from taken) as at,
                 exists (select from released) as "released!""#,
            self.id,
            attempt,
            sid.as_str(),
            status,
            claim.recipient,
            claim.attempt
        )
        .fetch_one(pool)
        .await?;
        if let (Some(asked), Some(answered)) = (self.asked_at, row.at) {
            let waited = (answered - asked).to_std().unwrap_or_default();
            metrics::histogram!("final_reply_seconds").record(waited);
        }
        Ok(if row.released {
            Accepted::Last
        } else {
            Accepted::More
        })
    }

    /// Nobody can say what became of the post: its callback is waited for.
    pub(super) async fn doubt(
        &self,
        pool: &PgPool,
        settle_after: Duration,
    ) -> Result<(), StageError> {
        sqlx::query!(
            "update whatsapp_reply_parts
             set state = 'unknown', not_before = posted_at + $2, doubts = doubts + 1
             where id = $1 and state = 'posting'",
            self.id,
            interval(settle_after)
        )
        .execute(pool)
        .await?;
        Ok(())
    }

    /// Nor could Twilio's list be asked: once more after `delay`.
    pub(super) async fn doubt_again(
        &self,
        pool: &PgPool,
        delay: Duration,
    ) -> Result<(), StageError> {
        sqlx::query!(
            "update whatsapp_reply_parts
             set doubts = doubts + 1, not_before = clock_timestamp() + $3
             where id = $1 and post_attempt = $2 and state = 'unknown'",
            self.id,
            self.post_attempt,
            interval(delay)
        )
        .execute(pool)
        .await?;
        Ok(())
    }

    /// It surely was not taken: to be posted again after `delay`. A refusal `counts` against it,
    /// being too busy does not.
    pub(super) async fn put_back(
        &self,
        pool: &PgPool,
        attempt: i32,
        delay: Duration,
        counts: bool,
    ) -> Result<(), StageError> {
        sqlx::query!(
            "update whatsapp_reply_parts set state = 'pending',
                 not_before = clock_timestamp() + $3, failures = failures + $4::boolean::int
             where id = $1 and post_attempt = $2 and state = 'posting'",
            self.id,
            attempt,
            interval(delay),
            counts
        )
        .execute(pool)
        .await?;
        Ok(())
    }

    /// Twilio does not list it: to be posted once more.
    pub(super) async fn post_once_more(&self, pool: &PgPool) -> Result<(), StageError> {
        sqlx::query!(
            "update whatsapp_reply_parts set state = 'pending', resent = true, not_before = null
             where id = $1 and post_attempt = $2 and state = 'unknown'",
            self.id,
            self.post_attempt
        )
        .execute(pool)
        .await?;
        Ok(())
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
