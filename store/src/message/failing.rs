//! How a message fails, and is taken up again.

use sqlx::PgConnection;

use crate::sid::MessageSid;

/// Marks as `dead` what a stage gave up on, with its reason; returns whether it was not settled
/// yet.
///
/// # Errors
/// When the database does not answer.
pub async fn mark_dead(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
    reason: &str,
) -> Result<bool, sqlx::Error> {
    let marked = sqlx::query!(
        "update whatsapp_messages set state = 'dead', dead_at = now(), error_code = $2
         where message_sid = $1
             and state in ('received', 'routed', 'waiting_project', 'dead')",
        message_sid.as_str(),
        reason
    )
    .execute(conn)
    .await?;
    Ok(marked.rows_affected() > 0)
}

/// Fails for good what is `dead` and will not be worked on again. Answers the trace that it is part
/// of; `None` where it is not dead any more.
///
/// # Errors
/// When the database does not answer.
pub async fn fail_dead(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
) -> Result<Option<Option<String>>, sqlx::Error> {
    sqlx::query_scalar!(
        "update whatsapp_messages set state = 'failed', failed_at = now(), replied_at = now()
         where message_sid = $1 and state = 'dead' returning traceparent",
        message_sid.as_str()
    )
    .fetch_optional(conn)
    .await
}

/// Fails without a word those of these messages that nobody will settle any more. Their rows are
/// locked.
///
/// # Errors
/// When the database does not answer.
pub async fn fail_unsettled(conn: &mut PgConnection, sids: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update whatsapp_messages set state = 'failed', error_code = 'erased', failed_at = now()
         where message_sid = any($1)
             and state in ('received', 'waiting_project', 'routed', 'dead')",
        sids
    )
    .execute(conn)
    .await
    .map(drop)
}

/// Raises the generation under which a dead letter is replayed, and answers it. What was `dead` is
/// where it had come to before. The row is locked, and was found not to be settled for good.
///
/// # Errors
/// When the database does not answer.
pub async fn revive(conn: &mut PgConnection, message_sid: &MessageSid) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        "update whatsapp_messages set generation = generation + 1,
             state = case when state = 'dead' and routed_at is null then 'received'
                 when state = 'dead' then 'routed' else state end
         where message_sid = $1 returning generation",
        message_sid.as_str()
    )
    .fetch_one(conn)
    .await
}

/// Raises the generation under which a message is repeated, and answers it. The row is locked.
///
/// # Errors
/// When the database does not answer.
pub async fn raise_generation(
    conn: &mut PgConnection,
    message_sid: &MessageSid,
) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        "update whatsapp_messages set generation = generation + 1 where message_sid = $1
         returning generation",
        message_sid.as_str()
    )
    .fetch_one(conn)
    .await
}

/// After a restore: what is not settled may have been answered since the backup, and what had been
/// handed on is handed on under a new generation, which no stage takes for what it has. Returns how
/// many that are.
///
/// # Errors
/// When the database does not answer.
pub async fn doubt_unsettled(conn: &mut PgConnection) -> Result<u64, sqlx::Error> {
    let unsettled = sqlx::query!(
        "update whatsapp_messages set may_be_answered = true,
             generation = generation + (state in ('waiting_project', 'routed'))::int
         where state in ('received', 'waiting_project', 'routed', 'dead')"
    )
    .execute(conn)
    .await?;
    Ok(unsettled.rows_affected())
}
