//! How a message is settled without failing: answered, or taken back.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{id::RecipientId, sid::MessageSid};

/// Writes down what a request came to: `proposed`, or `replied` where there is no proposal. Its row
/// is locked, and was found `routed`, or `dead` where it is replayed.
///
/// # Errors
/// When the database does not answer.
pub async fn settle_parsed(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
    proposal: Option<Uuid>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_messages set
             state = case when $2::uuid is null then 'replied' else 'proposed' end,
             proposal_id = $2, parsed_at = now(), replied_at = now(),
             proposed_at = case when $2::uuid is not null then now() end
         where message_sid = $1",
        message_sid.as_str(),
        proposal
    )
    .execute(conn)
    .await
    .map(drop)
}

/// A request that waited too long for a project.
pub struct Expired {
    /// Twilio's identifier.
    pub message_sid: String,
    /// Its text.
    pub body: Option<String>,
    /// The tag of its language.
    pub language: Option<String>,
    /// Its generation.
    pub generation: i32,
    /// The sender's keyed hash.
    pub sender_hash: String,
    /// Whom it is answered to.
    pub recipient: RecipientId,
}

/// Ends the waiting of requests that came before that moment, the oldest first and at most so many:
/// `replied`, as `expired`. Passes over what somebody else has locked.
///
/// # Errors
/// When the database does not answer.
pub async fn expire_waiting(
    conn: &mut PgConnection,
    before: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Expired>, sqlx::Error> {
    let rows = sqlx::query!(
        r#"update whatsapp_messages m
           set state = 'replied', error_code = 'expired', replied_at = now()
           from (select message_sid from whatsapp_messages
               where state = 'waiting_project' and received_at < $1
               order by received_at limit $2 for update skip locked) late, whatsapp_recipients r
           where m.message_sid = late.message_sid and r.identity = m.identity
           returning m.message_sid, m.body, m.language, m.generation,
               m.sender_hash as "sender_hash!", r.id as recipient"#,
        before,
        most
    )
    .fetch_all(conn)
    .await?;
    let expired = rows.into_iter().map(|row| Expired {
        message_sid: row.message_sid,
        body: row.body,
        language: row.language,
        generation: row.generation,
        sender_hash: row.sender_hash,
        recipient: RecipientId(row.recipient),
    });
    Ok(expired.collect())
}

/// Cancels a request, and says under which link and account that was done where it is not known
/// yet. Its row is locked, and was found `waiting_project`, `routed` or `dead`.
///
/// # Errors
/// When the database does not answer.
pub async fn cancel(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
    link: Option<(Uuid, Uuid)>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_messages set state = 'cancelled', replied_at = now(),
             link_id = coalesce(link_id, $2), user_id = coalesce(user_id, $3)
         where message_sid = $1",
        message_sid.as_str(),
        link.map(|(link, _)| link),
        link.map(|(_, user)| user)
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Cancels a request whose proposal was deleted. Its row is locked, and was found `proposed`.
///
/// # Errors
/// When the database does not answer.
pub async fn take_back(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_messages set state = 'cancelled', proposal_id = null
         where message_sid = $1",
        message_sid.as_str()
    )
    .execute(conn)
    .await
    .map(drop)
}

/// A request that was cancelled with its link.
pub struct CancelledByLink {
    /// Twilio's identifier.
    pub message_sid: String,
    /// Who wrote it.
    pub identity: Option<String>,
    /// Its text.
    pub body: Option<String>,
    /// The tag of its language.
    pub language: Option<String>,
    /// Its generation.
    pub generation: i32,
    stream_created: Option<DateTime<Utc>>,
    stream_sequence: Option<i64>,
}

/// Cancels what waits for a project under a link, whose row is locked or gone; answers it in the
/// order in which it came.
///
/// # Errors
/// When the database does not answer.
pub async fn cancel_waiting_of_link(
    conn: &mut PgConnection,
    link: Uuid,
) -> Result<Vec<CancelledByLink>, sqlx::Error> {
    let mut rows = sqlx::query_as!(
        CancelledByLink,
        "update whatsapp_messages set state = 'cancelled', replied_at = now()
         where link_id = $1 and state = 'waiting_project'
         returning message_sid, identity, body, language, generation, stream_created,
             stream_sequence",
        link
    )
    .fetch_all(conn)
    .await?;
    rows.sort_by_key(|row| (row.stream_created, row.stream_sequence));
    Ok(rows)
}
