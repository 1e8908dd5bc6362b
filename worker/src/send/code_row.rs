//! The row of a linking code that is to be sent: every change of its state is one statement that
//! does nothing where somebody else was faster.

use std::time::Duration;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use common::{sid::MessageSid, texts::Language};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::recipient_claim::{RecipientClaim, interval};
use crate::engine::stage_error::StageError;

/// Twilio's codes for a number that WhatsApp does not know; it may know the other form of it.
const UNKNOWN_NUMBER: [i32; 3] = [21211, 63003, 63024];
/// Twilio's code for free text outside of the 24 hours.
const OUTSIDE: i32 = 63016;

/// Where a code that was not delivered may end.
pub(crate) const CODES_UNSENT: [&str; 3] = ["void", "unknown", "failed"];

/// A code that is to be sent.
#[derive(Debug)]
pub(crate) struct CodeSend {
    pub(super) id: Uuid,
    link: Uuid,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) language: Language,
    /// A post of it began and never ended.
    pub(super) was_being_posted: bool,
    pub(super) by_template: bool,
    pub(super) other_form: bool,
    not_before: Option<DateTime<Utc>>,
}

/// How it ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    /// A newer code was asked for, or it is late.
    Void,
    /// Nobody can say whether Twilio took it.
    Unknown,
    /// For good, with Twilio's code.
    Failed(Option<i32>),
}

impl CodeSend {
    /// The recipient's first code that is not settled.
    pub(super) async fn next_of(
        pool: &PgPool,
        recipient: Uuid,
    ) -> Result<Option<Self>, StageError> {
        let row = sqlx::query!(
            "select id, link_id, expires_at, language, state, by_template, other_form, not_before
             from whatsapp_code_sends
             where recipient_id = $1 and state in ('pending', 'posting')
             order by created_at limit 1",
            recipient
        )
        .fetch_optional(pool)
        .await?;
        Ok(row.map(|row| Self {
            id: row.id,
            link: row.link_id,
            expires_at: row.expires_at,
            language: row.language.parse().unwrap_or(Language::En),
            was_being_posted: row.state == "posting",
            by_template: row.by_template,
            other_form: row.other_form,
            not_before: row.not_before,
        }))
    }

    /// Goes back to the queue while it is too early.
    pub(super) fn wait_until_due(&self, now: DateTime<Utc>) -> Result<(), StageError> {
        let early = self.not_before.and_then(|at| (at - now).to_std().ok());
        match early.filter(|early| !early.is_zero()) {
            None => Ok(()),
            Some(early) => Err(StageError::RetryAfter(early, anyhow!("not due yet"))),
        }
    }

    /// Stores the hash of the code that is about to be posted, if the recipient is still mine and
    /// the claim has no newer code. Answers which post it is; `None` where the code is void.
    pub(super) async fn intend(
        &self,
        pool: &PgPool,
        claim: &RecipientClaim,
        lease: Duration,
        hash: &str,
    ) -> Result<Option<i32>, StageError> {
        let mut transaction = pool.begin().await?;
        claim.extend(&mut transaction, lease).await?;
        let live = sqlx::query!(
            "update whatsapp_user_links set verification_code_hash = $3
             where id = $1 and not verified and verification_code_expires_at = $2",
            self.link,
            self.expires_at,
            hash
        )
        .execute(&mut *transaction)
        .await?;
        if live.rows_affected() == 0 {
            return Ok(None);
        }
        let attempt = sqlx::query_scalar!(
            "update whatsapp_code_sends set state = 'posting', post_attempt = post_attempt + 1,
                 not_before = null, twilio_sid = null, status = null, error_code = null
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

    /// Twilio took it. A callback may have said so before.
    pub(super) async fn accepted(
        &self,
        pool: &PgPool,
        attempt: i32,
        (sid, status): (&MessageSid, &str),
    ) -> Result<(), StageError> {
        sqlx::query!(
            "update whatsapp_code_sends set state = 'accepted', twilio_sid = $3,
                 status = coalesce(status, $4)
             where id = $1 and post_attempt = $2 and state in ('posting', 'unknown')",
            self.id,
            attempt,
            sid.as_str(),
            status
        )
        .execute(pool)
        .await?;
        Ok(())
    }

    /// It surely was not taken: to be posted again after `delay`, as another code.
    pub(super) async fn put_back(
        &self,
        pool: &PgPool,
        attempt: i32,
        delay: Duration,
    ) -> Result<(), StageError> {
        sqlx::query!(
            "update whatsapp_code_sends
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

    /// Ends it unsent, or as good as that.
    pub(super) async fn end(&self, pool: &PgPool, end: End) -> Result<(), StageError> {
        let (state, code) = match end {
            End::Void => ("void", None),
            End::Unknown => ("unknown", None),
            End::Failed(code) => ("failed", code),
        };
        metrics::counter!("link_codes_unsent_total", "state" => state).increment(1);
        sqlx::query!(
            "update whatsapp_code_sends set state = $2, error_code = $3
             where id = $1 and state in ('pending', 'posting')",
            self.id,
            state,
            code
        )
        .execute(pool)
        .await?;
        Ok(())
    }

    /// Twilio refuses it: in another way where there is one, else for good.
    pub(super) async fn refused(
        &self,
        pool: &PgPool,
        code: i32,
        (template, never_wrote): (bool, bool),
    ) -> Result<(), StageError> {
        let mut conn = pool.acquire().await?;
        if another_way(&mut conn, self.id, code, (template, never_wrote)).await? {
            return Ok(());
        }
        drop(conn);
        self.end(pool, End::Failed(Some(code))).await
    }
}

/// Makes a code that was refused due in another way, once for each: by the template after the 24
/// hours, in the other form of the number where the phone never wrote. Returns whether it is due.
pub(crate) async fn another_way(
    conn: &mut PgConnection,
    send: Uuid,
    code: i32,
    (template, never_wrote): (bool, bool),
) -> Result<bool, StageError> {
    let by_template = code == OUTSIDE && template;
    let other_form = UNKNOWN_NUMBER.contains(&code) && never_wrote;
    let due = sqlx::query!(
        "update whatsapp_code_sends
         set state = 'pending', by_template = by_template or $2, other_form = other_form or $3
         where id = $1 and (($2 and not by_template) or ($3 and not other_form))
             and state in ('posting', 'unknown', 'accepted') and expires_at > now()",
        send,
        by_template,
        other_form
    )
    .execute(conn)
    .await?;
    Ok(due.rows_affected() > 0)
}
