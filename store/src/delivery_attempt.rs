//! `whatsapp_delivery_attempts`: attempts at a message of the queue, where no other row counts
//! them.

use sqlx::PgExecutor;

/// Counts an attempt that begins; returns how many have begun and not ended, this one included.
///
/// # Errors
/// When the database does not answer.
pub async fn begin(executor: impl PgExecutor<'_>, source: &str) -> Result<i32, sqlx::Error> {
    sqlx::query_scalar!(
        "insert into whatsapp_delivery_attempts as a (source, unended) values ($1, 1)
         on conflict (source) do update set unended = a.unended + 1, began_at = now()
         returning unended",
        source
    )
    .fetch_one(executor)
    .await
}

/// Writes down that one has ended, however it did.
///
/// # Errors
/// When the database does not answer.
pub async fn end(executor: impl PgExecutor<'_>, source: &str) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "with last as (
             delete from whatsapp_delivery_attempts where source = $1 and unended <= 1)
         update whatsapp_delivery_attempts set unended = unended - 1
         where source = $1 and unended > 1",
        source
    )
    .execute(executor)
    .await
    .map(drop)
}

/// Forgets what was counted of messages that no stream keeps any more; returns of how many.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_old(executor: impl PgExecutor<'_>) -> Result<u64, sqlx::Error> {
    let forgotten = sqlx::query!(
        "delete from whatsapp_delivery_attempts where began_at < now() - interval '31 days'"
    )
    .execute(executor)
    .await?;
    Ok(forgotten.rows_affected())
}
