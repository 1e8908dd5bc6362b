//! One message to be posted: every change of its state is one statement that fails where somebody
//! else was faster.

use std::time::Duration;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use common::{
    sid::MessageSid,
    trace::{self, Trace},
};
use sqlx::PgPool;
use uuid::Uuid;

use super::recipient_claim::{RecipientClaim, interval};
use crate::{
    delivery::Findings,
    failure::{Failure, Reason},
};

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

/// A part of a reply that is not settled.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) id: Uuid,
    pub(super) body: String,
    pub(super) state: PartState,
    pub(super) post_attempt: i32,
    /// When the last post began.
    pub(super) posted_at: DateTime<Utc>,
    pub(super) resent: bool,
    not_before: Option<DateTime<Utc>>,
    /// When it is no use to anybody any more.
    not_after: Option<DateTime<Utc>>,
    reply: Uuid,
    message_sid: Option<String>,
    trace: Option<Trace>,
    /// When the message came in that this begins the final reply to.
    asked_at: Option<DateTime<Utc>>,
}

impl Part {
    /// The recipient's first part that is not settled.
    pub(super) async fn next_of(pool: &PgPool, recipient: Uuid) -> Result<Option<Self>, Failure> {
        let row = sqlx::query!(
            r#"select p.id, p.body, p.state, p.post_attempt, p.posted_at, p.resent, p.not_before,
                 p.reply_id, r.message_sid as "message_sid?", r.traceparent, r.not_after,
                 case when r.kind = 'final' and p.part = 1 then m.received_at end as asked_at
             from whatsapp_reply_parts p join whatsapp_replies r on r.id = p.reply_id
             left join whatsapp_messages m on m.message_sid = r.message_sid
             where r.recipient_id = $1 and p.state in ('pending', 'posting', 'unknown')
             order by r.position, p.part
             limit 1"#,
            recipient
        )
        .fetch_optional(pool)
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
            not_before: row.not_before,
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

    /// Goes back to the queue while it is too early.
    pub(super) fn wait_until_due(&self, now: DateTime<Utc>) -> Result<(), Failure> {
        match self
            .not_before
            .and_then(|at| (at - now).to_std().ok())
            .filter(|d| !d.is_zero())
        {
            None => Ok(()),
            Some(early) => Err(Failure::Retry(early, anyhow!("not due yet"))),
        }
    }

    /// Whether it is no use to anybody any more.
    pub(super) fn is_too_late(&self, now: DateTime<Utc>) -> bool {
        self.not_after.is_some_and(|end| end <= now)
    }

    /// Drops it unsent, with the rest of its reply; nobody is told that it did not arrive.
    pub(super) async fn discard(&self, pool: &PgPool) -> Result<(), Failure> {
        sqlx::query!(
            "update whatsapp_reply_parts set state = 'failed', told = true, failed_at = now()
             where reply_id = $1 and state = 'pending'",
            self.reply
        )
        .execute(pool)
        .await?;
        Ok(())
    }

    /// Writes down that it is being posted, if the recipient is still mine long enough for that.
    /// Answers which post it is.
    pub(super) async fn intend(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        lease: Duration,
    ) -> Result<i32, Failure> {
        let mut transaction = pool.begin().await?;
        claim.extend(&mut transaction, lease).await?;
        let attempt = sqlx::query_scalar!(
            "update whatsapp_reply_parts set state = 'posting', post_attempt = post_attempt + 1,
                 posted_at = clock_timestamp(), not_before = null, twilio_sid = null,
                 status = null, error_code = null, failed_at = null
             where id = $1 and state = 'pending'
             returning post_attempt",
            self.id
        )
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or(Failure::Lost)?;
        transaction.commit().await?;
        Ok(attempt)
    }

    /// Twilio took it. A callback may have said so before.
    pub(super) async fn accepted(
        &self,
        pool: &PgPool,
        attempt: i32,
        sid: &MessageSid,
        status: &str,
    ) -> Result<(), Failure> {
        let taken = sqlx::query_scalar!(
            "update whatsapp_reply_parts set state = 'accepted', twilio_sid = $3,
                 status = coalesce(status, $4), accepted_at = coalesce(accepted_at, now())
             where id = $1 and post_attempt = $2 and state in ('posting', 'unknown')
             returning accepted_at",
            self.id,
            attempt,
            sid.as_str(),
            status
        )
        .fetch_optional(pool)
        .await?;
        if let (Some(asked), Some(answered)) = (self.asked_at, taken.flatten()) {
            let waited = (answered - asked).to_std().unwrap_or_default();
            metrics::histogram!("final_reply_seconds").record(waited);
        }
        Ok(())
    }

    /// Nobody can say what became of the post: its callback is waited for.
    pub(super) async fn doubt(&self, pool: &PgPool, settle_after: Duration) -> Result<(), Failure> {
        sqlx::query!(
            "update whatsapp_reply_parts set state = 'unknown', not_before = posted_at + $2
             where id = $1 and state = 'posting'",
            self.id,
            interval(settle_after)
        )
        .execute(pool)
        .await?;
        Ok(())
    }

    /// It surely was not taken: to be posted again after `delay`.
    pub(super) async fn put_back(
        &self,
        pool: &PgPool,
        attempt: i32,
        delay: Duration,
    ) -> Result<(), Failure> {
        sqlx::query!(
            "update whatsapp_reply_parts
             set state = 'pending', not_before = clock_timestamp() + $3
             where id = $1 and post_attempt = $2 and state = 'posting'",
            self.id,
            attempt,
            interval(delay)
        )
        .execute(pool)
        .await?;
        Ok(())
    }

    /// Kept until the recipient writes again.
    pub(super) async fn hold(&self, pool: &PgPool) -> Result<(), Failure> {
        sqlx::query!(
            "update whatsapp_reply_parts set state = 'held'
             where id = $1 and state in ('pending', 'posting')",
            self.id
        )
        .execute(pool)
        .await?;
        Ok(())
    }

    /// Failed for good, and with it the parts after it: a reply without its beginning helps nobody.
    pub(super) async fn fail(
        &self,
        pool: &PgPool,
        attempt: i32,
        code: Option<i32>,
    ) -> Result<(), Failure> {
        sqlx::query!(
            "with failed as (
                 update whatsapp_reply_parts
                 set state = 'failed', error_code = $3, failed_at = now()
                 where id = $1 and post_attempt = $2 and state in ('posting', 'unknown')
                 returning reply_id, part)
             update whatsapp_reply_parts p
             set state = 'failed', error_code = $3, failed_at = now()
             from failed f
             where p.reply_id = f.reply_id and p.part > f.part and p.state = 'pending'",
            self.id,
            attempt,
            code
        )
        .execute(pool)
        .await?;
        Ok(())
    }

    /// Takes a message that Twilio lists for this part's; answers false where another part has it.
    pub(super) async fn adopt(
        &self,
        pool: &PgPool,
        sid: &MessageSid,
        status: &str,
    ) -> Result<bool, Failure> {
        match self.accepted(pool, self.post_attempt, sid, status).await {
            Ok(()) => Ok(true),
            // Two parts never share a message: the unique constraint says whose it is.
            Err(Failure::Fail(Reason::Inconsistent, _)) => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Twilio does not list it: to be posted once more.
    pub(super) async fn post_once_more(&self, pool: &PgPool) -> Result<(), Failure> {
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
