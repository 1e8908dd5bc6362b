//! How parts lose their texts.

use sqlx::PgConnection;

use super::Withheld;
use crate::id::{ReplyId, uuids};

/// What stands in the place of a text that was erased.
pub const ERASED: &str = "…";

/// Fails without a word what is open of the answers to these messages. The messages are locked.
///
/// # Errors
/// When the database does not answer.
pub async fn fail_erased_of_messages(
    conn: &mut PgConnection,
    sids: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts p
         set state = 'failed', told = true, failed_at = now(), withheld = $2
         from whatsapp_replies r
         where r.id = p.reply_id and r.message_sid = any($1)
             and p.state in ('pending', 'posting', 'unknown', 'held')",
        sids,
        Withheld::Erased.as_str()
    )
    .execute(conn)
    .await
    .map(drop)
}

/// The same of notices, which are locked.
///
/// # Errors
/// When the database does not answer.
pub async fn fail_erased_of_notices(
    conn: &mut PgConnection,
    notices: &[ReplyId],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts
         set state = 'failed', told = true, failed_at = now(), withheld = $2
         where reply_id = any($1) and state in ('pending', 'posting', 'unknown', 'held')",
        &uuids(notices),
        Withheld::Erased.as_str()
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Takes the texts out of the answers to these messages, which are locked.
///
/// # Errors
/// When the database does not answer.
pub async fn erase_texts_of_messages(
    conn: &mut PgConnection,
    sids: &[String],
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts p set body = $2 from whatsapp_replies r
         where r.id = p.reply_id and r.message_sid = any($1)",
        sids,
        ERASED
    )
    .execute(conn)
    .await
    .map(drop)
}
