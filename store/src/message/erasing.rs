//! How a message loses what it said.

use sqlx::PgConnection;

/// Takes the texts out of these messages; where they stand, stays. Their rows are locked.
///
/// # Errors
/// When the database does not answer.
pub async fn erase_texts(conn: &mut PgConnection, sids: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_messages set body = null, erased_at = now()
         where message_sid = any($1)",
        sids
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Makes these messages `forgotten`, with all that says whose they were. Their rows are locked.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(conn: &mut PgConnection, sids: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_messages set state = 'forgotten', sender_hash = null, identity = null,
             wa_address = null, body = null, content = null, language = null, link_id = null,
             user_id = null, workspace_id = null, project_id = null, proposal_id = null,
             traceparent = null
         where message_sid = any($1)",
        sids
    )
    .execute(conn)
    .await
    .map(drop)
}
