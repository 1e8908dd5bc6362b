//! The intent to post a part, written down before it is posted: the one place where it is decided
//! that a reply may still be said.

use std::time::Duration;

use common::reply::ERASED;
use sqlx::PgPool;

use super::{
    part::Part,
    recipient_claim::{RecipientClaim, interval},
    withholding,
};
use crate::engine::stage_error::StageError;

impl Part {
    /// Writes down that it is being posted, while nobody else has claimed the recipient, who is held
    /// anew for as long as that may take. Answers which post it is; `None` where it may not be said
    /// any more: then it is withheld.
    pub(super) async fn intend(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        lease: Duration,
    ) -> Result<Option<i32>, StageError> {
        let intended = self.intend_at_once(pool, claim, lease).await?;
        if intended.is_some() {
            return Ok(intended);
        }
        self.intend_or_withhold(pool, claim, lease).await
    }

    /// The same in one statement for what surely may be said: its text is there, and the link that it
    /// was written under, if there is one, stands. That link does so until the statement ends: whoever
    /// would end it waits. `None` says nothing yet.
    async fn intend_at_once(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        lease: Duration,
    ) -> Result<Option<i32>, StageError> {
        let intended = sqlx::query_scalar!(
            "with held as (
                 update whatsapp_recipients set held_until = clock_timestamp() + $4
                 where id = $2 and attempt = $3
                 returning id),
             written as (
                 select m.link_id from whatsapp_replies r
                 left join whatsapp_messages m on m.message_sid = r.message_sid
                 where r.id = $5 and exists (select from held)
                     and not exists (select from whatsapp_reply_parts e
                         where e.reply_id = r.id and e.body = $6)),
             standing as (
                 select id from whatsapp_user_links
                 where id = (select link_id from written)
                     and verified and suspended_at is null
                 for share)
             update whatsapp_reply_parts set state = 'posting', post_attempt = post_attempt + 1,
                 posted_at = clock_timestamp(), not_before = null, twilio_sid = null,
                 status = null, error_code = null, failed_at = null
             where id = $1 and state = 'pending'
                 and exists (select from written
                     where link_id is null or exists (select from standing))
             returning post_attempt",
            self.id,
            claim.recipient,
            claim.attempt,
            interval(lease),
            self.reply,
            ERASED
        )
        .fetch_optional(pool)
        .await?;
        Ok(intended)
    }

    /// Step by step, which tells what is in the way.
    async fn intend_or_withhold(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        lease: Duration,
    ) -> Result<Option<i32>, StageError> {
        let mut transaction = pool.begin().await?;
        claim.extend(&mut transaction, lease).await?;
        if let Some(why) = self.withhold(&mut transaction).await? {
            transaction.commit().await?;
            withholding::count(why);
            return Ok(None);
        }
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
        .ok_or(StageError::Fenced)?;
        transaction.commit().await?;
        Ok(Some(attempt))
    }
}
