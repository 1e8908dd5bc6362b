//! What is not posted any more, and what of that is taken up again.

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::{
    id::{PartId, RecipientId, ReplyId, uuids},
    word::words,
};

words! {
    /// Why a reply is told to nobody any more.
    pub enum Withheld {
        /// The link under which it was written has ended or is suspended: somebody else may hold
        /// the number.
        LinkEnded = "link_ended",
        /// Its text was erased.
        Erased = "erased",
        /// Its recipient has opted out of messages, at Twilio.
        OptedOut = "opted_out",
    }
}

impl Withheld {
    /// In words, for an operator.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::LinkEnded => "the answer is told to nobody: its phone was unlinked since",
            Self::Erased => "the answer's text was erased",
            Self::OptedOut => "its recipient has opted out of messages",
        }
    }
}

/// Fails a part for good that is not settled, with Twilio's code where there is one; returns
/// whether it was not settled. The recipient's claim is locked.
///
/// # Errors
/// When the database does not answer.
pub async fn fail(
    conn: &mut PgConnection,
    part: PartId,
    code: Option<i32>,
) -> Result<bool, sqlx::Error> {
    let failed = sqlx::query!(
        "update whatsapp_reply_parts
         set state = 'failed', error_code = coalesce($2, error_code), failed_at = now()
         where id = $1 and state in ('pending', 'posting', 'unknown')",
        part.0,
        code
    )
    .execute(conn)
    .await?;
    Ok(failed.rows_affected() == 1)
}

/// Fails the parts after one that failed: a reply without its beginning helps nobody. In the
/// transaction that fails that one.
///
/// # Errors
/// When the database does not answer.
pub async fn fail_after(conn: &mut PgConnection, part: PartId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts p
         set state = 'failed', error_code = f.error_code, failed_at = now()
         from whatsapp_reply_parts f
         where f.id = $1 and p.reply_id = f.reply_id and p.part > f.part
             and p.state in ('pending', 'held')",
        part.0
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Withholds what is due of a reply: it failed, and nobody is told. The link is locked by whoever
/// has asked whether it may be said.
///
/// # Errors
/// When the database does not answer.
pub async fn withhold(
    conn: &mut PgConnection,
    reply: ReplyId,
    why: Withheld,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts set state = 'failed', failed_at = now(), told = true,
             not_before = null, withheld = $2
         where reply_id = $1 and state in ('pending', 'held')",
        reply.0,
        why.as_str()
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Withholds what Twilio refused to post, and what is due of its reply; returns whether anything was.
///
/// # Errors
/// When the database does not answer.
pub async fn withhold_refused(
    executor: impl PgExecutor<'_>,
    (part, attempt): (PartId, i32),
    reply: ReplyId,
    (why, code): (Withheld, i32),
) -> Result<bool, sqlx::Error> {
    let withheld = sqlx::query!(
        "update whatsapp_reply_parts set state = 'failed', failed_at = now(), told = true,
             not_before = null, withheld = $4, error_code = $5
         where reply_id = $3 and (state in ('pending', 'held')
             or (id = $1 and post_attempt = $2 and state = 'posting'))",
        part.0,
        attempt,
        reply.0,
        why.as_str(),
        code
    )
    .execute(executor)
    .await?;
    Ok(withheld.rows_affected() > 0)
}

/// Withholds what failed later at Twilio: nobody is told. In the transaction that fails it.
///
/// # Errors
/// When the database does not answer.
pub async fn withhold_failed(
    conn: &mut PgConnection,
    part: PartId,
    why: Withheld,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts set told = true, withheld = $2
         where id = $1 and state = 'failed'",
        part.0,
        why.as_str()
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Withholds from these recipients what is due of what was written under a link, and does not
/// outlive it. In the transaction that ends the link.
///
/// # Errors
/// When the database does not answer.
pub async fn withhold_of_link(
    conn: &mut PgConnection,
    link: Uuid,
    recipients: &[RecipientId],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts p set state = 'failed', failed_at = now(), told = true,
             withheld = $2
         from whatsapp_replies r
         join whatsapp_messages m on m.message_sid = r.message_sid
         where r.id = p.reply_id and m.link_id = $1 and p.recipient_id = any($3)
             and (p.state = 'pending' or p.state = 'held') and not r.outlives_link",
        link,
        Withheld::LinkEnded.as_str(),
        &uuids(recipients)
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Drops what is to be posted of a reply that is no use to anybody any more; nobody is told.
///
/// # Errors
/// When the database does not answer.
pub async fn discard(executor: impl PgExecutor<'_>, reply: ReplyId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts set state = 'failed', told = true, failed_at = now()
         where reply_id = $1 and state = 'pending'",
        reply.0
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Drops a part that nobody needs any more, since what it went before has been said.
///
/// # Errors
/// When the database does not answer.
pub async fn drop_outlived(executor: impl PgExecutor<'_>, part: PartId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts set state = 'failed', failed_at = now(), told = true
         where id = $1 and state = 'pending'",
        part.0
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Notes that a recipient is told of what failed; answers Twilio's code of each.
///
/// # Errors
/// When the database does not answer.
pub async fn note_told(
    conn: &mut PgConnection,
    recipient: RecipientId,
) -> Result<Vec<Option<i32>>, sqlx::Error> {
    sqlx::query_scalar!(
        "update whatsapp_reply_parts set told = true
         where recipient_id = $1 and state = 'failed' and not told
         returning error_code",
        recipient.0
    )
    .fetch_all(conn)
    .await
}

/// Makes due again what failed of a reply: to be posted, or, where nobody could say what became of
/// it, to be looked up at Twilio first. The recipient is locked, so that no claim finds nothing due
/// before the transaction ends.
///
/// # Errors
/// When the database does not answer.
pub async fn revive(
    conn: &mut PgConnection,
    (recipient, reply): (RecipientId, ReplyId),
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts p
         -- What nobody could say the fate of is looked up at Twilio before it is posted again.
         set state = case when p.doubts > 0 then 'unknown' else 'pending' end, resent = false,
             not_before = null, twilio_sid = null, failures = 0, doubts = 0
         from whatsapp_replies r
         where r.id = p.reply_id and r.recipient_id = $1 and p.state = 'failed'
             and r.id = $2",
        recipient.0,
        reply.0
    )
    .execute(conn)
    .await
    .map(drop)
}

/// After a restore: what was open may have arrived since the backup, so Twilio is asked before it
/// is posted. Returns how many parts that are.
///
/// # Errors
/// When the database does not answer.
pub async fn doubt_unsettled(conn: &mut PgConnection) -> Result<u64, sqlx::Error> {
    let doubted = sqlx::query!(
        "update whatsapp_reply_parts p
         set state = 'unknown', posted_at = coalesce(p.posted_at, r.created_at), not_before = now()
         from whatsapp_replies r
         where r.id = p.reply_id and p.state in ('pending', 'posting', 'unknown', 'held')"
    )
    .execute(conn)
    .await?;
    Ok(doubted.rows_affected())
}
