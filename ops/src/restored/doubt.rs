//! What was on its way at the time of the backup may have arrived since: Twilio is asked before it
//! is sent, and what was handed on is handed on anew.

use sqlx::PgPool;

use super::Report;

/// How much that is.
pub(super) async fn count(pool: &PgPool, report: &mut Report) -> anyhow::Result<()> {
    let counted = sqlx::query!(
        r#"select
               (select count(*) from whatsapp_messages
                where state in ('received', 'waiting_project', 'routed', 'dead')) as "unsettled!",
               (select count(*) from whatsapp_reply_parts
                where state in ('pending', 'posting', 'unknown', 'held')) as "replies!""#
    )
    .fetch_one(pool)
    .await?;
    report.unsettled = u64::try_from(counted.unsettled)?;
    report.replies = u64::try_from(counted.replies)?;
    Ok(())
}

/// Writes it down.
pub(super) async fn cast(pool: &PgPool, report: &mut Report) -> anyhow::Result<()> {
    let mut transaction = pool.begin().await?;
    // As long as it takes, after a restore with nothing in memory.
    sqlx::query!("set local statement_timeout = 0")
        .execute(&mut *transaction)
        .await?;
    // Under a new generation, which no stream takes for what it has.
    let conn = &mut *transaction;
    report.unsettled = store::message::doubt_unsettled(conn).await?;
    report.replies = store::part::doubt_unsettled(conn).await?;
    store::code_send::doubt_unsettled(conn).await?;
    store::recipient::release_all(conn).await?;
    // Also of what will be fetched from Twilio's log.
    store::reconciliation::note_restored(conn).await?;
    transaction.commit().await?;
    Ok(())
}
