//! The row of a linking code that is to be sent, as it is read, and how it ends. What changes it is
//! `store::code_send`.

use std::time::Duration;

use anyhow::anyhow;
use chrono::{DateTime, Utc};
use common::texts::Language;
use sqlx::{PgConnection, PgPool};
use store::{
    CodeSendId, RecipientId,
    code_send::{End, State},
};
use uuid::Uuid;

use super::recipient_claim::RecipientClaim;
use crate::engine::stage_error::StageError;

/// Twilio's codes for a number that WhatsApp does not know; it may know the other form of it.
const UNKNOWN_NUMBER: [i32; 3] = [21211, 63003, 63024];
/// Twilio's code for free text outside of the 24 hours.
const OUTSIDE: i32 = 63016;

/// Where a code that was not delivered may end.
pub(crate) const CODES_UNSENT: [State; 3] = [State::Void, State::Unknown, State::Failed];

/// A code that is to be sent.
#[derive(Debug)]
pub(crate) struct CodeSend {
    pub(super) id: CodeSendId,
    link: Uuid,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) language: Language,
    /// A post of it began and never ended.
    pub(super) was_being_posted: bool,
    pub(super) by_template: bool,
    pub(super) other_form: bool,
    not_before: Option<DateTime<Utc>>,
}

impl CodeSend {
    /// The recipient's first code that is not settled.
    pub(super) async fn next_of(
        pool: &PgPool,
        recipient: RecipientId,
    ) -> Result<Option<Self>, StageError> {
        let row = sqlx::query!(
            r#"select id, link_id, expires_at, language, state as "state: State", by_template,
                 other_form, not_before
             from whatsapp_code_sends
             where recipient_id = $1 and state in ('pending', 'posting')
             order by created_at limit 1"#,
            recipient.0
        )
        .fetch_optional(pool)
        .await?;
        Ok(row.map(|row| Self {
            id: CodeSendId(row.id),
            link: row.link_id,
            expires_at: row.expires_at,
            language: row.language.parse().unwrap_or(Language::En),
            was_being_posted: row.state == State::Posting,
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
        let of = (self.link, self.expires_at);
        if !store::link::set_code(&mut transaction, of, hash).await? {
            return Ok(None);
        }
        let attempt = store::code_send::intend(&mut transaction, self.id)
            .await?
            .ok_or(StageError::Fenced)?;
        transaction.commit().await?;
        Ok(Some(attempt))
    }

    /// Ends it unsent, or as good as that.
    pub(super) async fn end(&self, pool: &PgPool, end: End) -> Result<(), StageError> {
        let state = end.state().as_str();
        metrics::counter!("link_codes_unsent_total", "state" => state).increment(1);
        Ok(store::code_send::end(pool, self.id, end).await?)
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
    send: CodeSendId,
    code: i32,
    (template, never_wrote): (bool, bool),
) -> Result<bool, StageError> {
    let by_template = code == OUTSIDE && template;
    let other_form = UNKNOWN_NUMBER.contains(&code) && never_wrote;
    Ok(store::code_send::send_another_way(conn, send, (by_template, other_form)).await?)
}
