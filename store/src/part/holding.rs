//! What waits until its recipient writes.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::id::{PartId, RecipientId, ReplyId};

/// Holds what was not posted. The recipient is locked, and was found not to have written lately.
///
/// # Errors
/// When the database does not answer.
pub async fn hold(conn: &mut PgConnection, part: PartId) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts set state = 'held'
         where id = $1 and state = 'pending'",
        part.0
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Holds what Twilio refused to post; it is posted again where its recipient has `written` since
/// that post began. The recipient is locked.
///
/// # Errors
/// When the database does not answer.
pub async fn hold_refused(
    conn: &mut PgConnection,
    (part, attempt): (PartId, i32),
    written: Option<DateTime<Utc>>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_reply_parts
         set state = case when $3 > posted_at then 'pending' else 'held' end
         where id = $1 and post_attempt = $2 and state = 'posting'",
        part.0,
        attempt,
        written
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Frees what was held until this recipient would write, and what waits for a repetition after it
/// could not be delivered: who writes can be reached. Whether it may still be said is decided where
/// it is posted. Answers a reply of theirs, if any. The recipient was written to before, in the
/// same transaction, and so is locked.
///
/// # Errors
/// When the database does not answer.
pub async fn release_held(
    conn: &mut PgConnection,
    recipient: RecipientId,
) -> Result<Option<ReplyId>, sqlx::Error> {
    let freed = sqlx::query_scalar!(
        "update whatsapp_reply_parts set state = 'pending', not_before = null
         where recipient_id = $1
             and (state = 'held'
                 or (state = 'pending' and status in ('failed', 'undelivered')))
         returning reply_id",
        recipient.0
    )
    .fetch_all(conn)
    .await?;
    Ok(freed.into_iter().next().map(ReplyId))
}
